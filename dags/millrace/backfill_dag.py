"""The DAG that pulls a past range of a stream again from its source."""

from airflow.sdk import DAG, Param

from millrace.api import App
from millrace.catalogue import Stream
from millrace.defaults import dag_defaults
from millrace.job import Job
from millrace.pipeline_dag import MINUTES

DOC = """
Pulls a past range of **{label}** again from its source, by hand, as a run of its own that never moves the stream's cursor
or watermark.

What was seen before is counted as repeated. What is fresh is kept in the late store with the reason `backfill`; its windows are
final and do not change by themselves. The run's counts are the result of the task **ingest**.
"""


# The form's own check of date-time depends on a package that may not be there.
INSTANT = {
    "type": "string",
    "format": "date-time",
    "pattern": r"^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d{1,6})?)?(Z|[+-]\d\d:\d\d)$",
}


def backfill_dag(stream: Stream) -> DAG:
    """`<stream>_backfill`, with the range as its parameters."""
    with DAG(
        f"{stream.name}_backfill",
        schedule=None,
        description=f"{stream.summary} A past range, pulled again.",
        doc_md=DOC.format(label=stream.label),
        params={
            "from": Param(**INSTANT, title="From", description="First event time of the range, such as 2018-02-01T00:00:00Z."),
            "to": Param(
                **INSTANT, title="To", description="The range ends before this event time; not after the stream's watermark."
            ),
            "reason": Param("", type="string", maxLength=150, title="Reason", description="For whoever reads the log."),
        },
        **dag_defaults("backfill", stream.name, hours=7),
    ) as dag:
        Job(
            task_id="ingest",
            app=App("ingestion"),
            path=f"/v1/streams/{stream.name}/runs",
            resource="/v1/runs/{id}",
            body={"from": "{{ params['from'] }}", "to": "{{ params['to'] }}", "reason": "{{ params['reason'] or dag.dag_id }}"},
            timeout=6 * 60 * MINUTES,
            doc_md="Posts the backfill to ingestion and follows it to its end.",
        )
    return dag
