"""The DAG that runs and checks a stream from its source to the rows that readers get."""

from airflow.sdk import DAG, Asset, CronTriggerTimetable, task
from airflow.sdk.exceptions import AirflowFailException

from millrace.api import App, ProblemError
from millrace.catalogue import Stream
from millrace.defaults import dag_defaults
from millrace.job import Job
from millrace.ledger import UnbalancedError, judged, read_ledger
from millrace.reached import Reached

MINUTES = 60.0

DOC = """
Runs **{label}** from its source to the rows that readers get, and checks the books.

1. **ingest** has the source pulled to its end, as a run of its own beside the polls.
2. **aggregated** waits until Spark has aggregated every event that was published up to then.
3. **stored** waits until the windows of these events are in Cassandra.
4. **balanced** asks for the ledger: in every closed hour of event time, what was fetched is counted exactly once or kept
   with a reason.

When all is green the asset `millrace://{name}` is updated and **{name}_recount** follows. What to do when a task is red:
`docs/guides/operate.md`.
"""


def stream_asset(stream: Stream) -> Asset:
    """What is updated when a pipeline's books have balanced."""
    return Asset(name=f"millrace_{stream.name}", uri=f"millrace://{stream.name}")


def pipeline_dag(stream: Stream) -> DAG:
    """`<stream>_pipeline`, on the schedule that the stream declares; by hand only where it declares none."""
    schedule = None if stream.schedule is None else CronTriggerTimetable(stream.schedule, timezone="UTC", run_immediately=True)
    with DAG(
        f"{stream.name}_pipeline",
        schedule=schedule,
        description=f"{stream.summary} From the source to the rows, then the books.",
        doc_md=DOC.format(name=stream.name, label=stream.label),
        **dag_defaults("pipeline", stream.name),
    ) as dag:
        ingest = Job(
            task_id="ingest",
            app=App("ingestion"),
            path=f"/v1/streams/{stream.name}/runs",
            resource="/v1/runs/{id}",
            body={"reason": f"{stream.name}_pipeline"},
            timeout=30 * MINUTES,
            doc_md="Posts a run to ingestion and follows it. Its counts and offsets are the task's result.",
        )
        aggregated = Reached(
            task_id="aggregated",
            app=App("spark-bridge"),
            stream=stream.name,
            run=ingest.output,
            timeout=20 * MINUTES,
            doc_md="Waits until the stream's Spark query has committed the run's offsets.",
        )
        stored = Reached(
            task_id="stored",
            app=App("materializer"),
            stream=stream.name,
            run=ingest.output,
            timeout=20 * MINUTES,
            doc_md="Waits until the materializer has stored every window up to the run's offsets.",
        )
        aggregated >> stored >> _balanced(stream)
    return dag


def _balanced(stream: Stream):
    @task(
        task_id="balanced",
        outlets=[stream_asset(stream)],
        doc_md="Reads the ledger of the stream and fails with the hours that do not balance, and by how much.",
    )
    def balanced() -> dict[str, int]:
        try:
            return judged(read_ledger(App("query-api", key="read"), stream))
        except (UnbalancedError, ProblemError) as error:
            raise AirflowFailException(str(error)) from error

    return balanced()
