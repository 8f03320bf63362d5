"""The DAG that removes what has served its time."""

from millrace.maintenance_dag import maintenance_dag

maintenance_dag()  # airflow collects it from the call
