"""The DAGs of every declared stream: pipeline, recount and, where the source can be asked for a range, backfill.

Airflow reads this file; what a stream is called and when it is checked stands in generated/dags.json.
"""

from millrace.backfill_dag import backfill_dag
from millrace.catalogue import read_streams
from millrace.pipeline_dag import pipeline_dag
from millrace.recount_dag import recount_dag

for stream in read_streams():
    pipeline_dag(stream)
    recount_dag(stream)
    if stream.can_backfill:
        backfill_dag(stream)

__all__ = ["backfill_dag", "pipeline_dag", "recount_dag"]  # airflow finds a file by the word dag
