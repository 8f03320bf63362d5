"""The DAG that pulls a past range of a stream again from its source."""

from airflow.sdk import DAG, Param

from millrace.api import App
from millrace.catalogue import Stream
from millrace.defaults import dag_defaults
from millrace.job import Job
from millrace.late import Inclusion, LateKept
from millrace.pipeline_dag import MINUTES

DOC = """
Pulls a past range of **{label}** again from its source, by hand, as a run of its own that never moves the stream's cursor
or watermark.

1. **ingest** has the range pulled. What was seen before is counted as repeated; what is fresh is kept in the late store with
   the reason `backfill`, for its windows are final.
2. **kept** waits until all of it lies there; skipped where nothing was fresh, and all that follows with it.
3. **included** has the windows of these events built anew with them, and promoted. Its result says how many count now.

What to do when a task is red: `docs/guides/operate.md`.
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
        description=f"{stream.summary} A past range, pulled again, and what was missing included.",
        doc_md=DOC.format(label=stream.label),
        params={
            "from": Param(**INSTANT, title="From", description="First event time of the range, such as 2018-02-01T00:00:00Z."),
            "to": Param(
                **INSTANT, title="To", description="The range ends before this event time; not after the stream's watermark."
            ),
            "reason": Param("", type="string", maxLength=150, title="Reason", description="For whoever reads the log."),
        },
        **dag_defaults("backfill", stream.name, hours=8),
    ) as dag:
        span = {"from": "{{ params['from'] }}", "to": "{{ params['to'] }}"}
        ingest = Job(
            task_id="ingest",
            app=App("ingestion"),
            path=f"/v1/streams/{stream.name}/runs",
            resource="/v1/runs/{id}",
            body={**span, "reason": "{{ params['reason'] or dag.dag_id }}"},
            timeout=6 * 60 * MINUTES,
            doc_md="Posts the backfill to ingestion and follows it to its end.",
        )
        kept = LateKept(
            task_id="kept",
            app=App("query-api", key="read"),
            stream=stream,
            run=ingest.output,
            begin=span["from"],
            end=span["to"],
            timeout=20 * MINUTES,
            doc_md="Waits until what the run has found late is in the late store. Skipped where it has found nothing.",
        )
        included = Inclusion(
            task_id="included",
            app=App("spark-bridge", key="control"),
            path=f"/v1/streams/{stream.name}/late/include",
            resource="/v1/replays/{id}",
            body={"version": stream.version, **span},
            timeout=45 * MINUTES,
            doc_md="Has the bridge build the windows of these events anew with them and promote them, and waits for it.",
        )
        kept >> included
    return dag
