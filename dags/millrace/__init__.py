"""What the DAGs of Millrace are made of."""
