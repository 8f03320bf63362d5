"""The DAG that counts a stream's closed windows again, from the topic, and compares them with what readers get."""

from typing import Any

from airflow.sdk import DAG, task
from airflow.sdk.exceptions import AirflowFailException

from millrace.api import App
from millrace.catalogue import Stream
from millrace.defaults import dag_defaults
from millrace.pipeline_dag import MINUTES, stream_asset
from millrace.recount import Recount, difference_lines

DOC = """
Counts the final windows of **{label}** again, as a Spark batch over the topic, and compares each with both tables in Cassandra.

1. **recount** has the bridge do it, and waits for the result.
2. **equal** fails when a window differs, is missing or is too many, and names the first ones.

Runs whenever `{name}_pipeline` has found the books balanced. What to do when it is red: `docs/guides/operate.md`.
"""


def recount_dag(stream: Stream) -> DAG:
    """`<stream>_recount`, after the stream's asset has changed."""
    with DAG(
        f"{stream.name}_recount",
        schedule=[stream_asset(stream)],
        description=f"{stream.summary} Final windows, counted again and compared.",
        doc_md=DOC.format(name=stream.name, label=stream.label),
        **dag_defaults("recount", stream.name),
    ) as dag:
        recount = Recount(
            task_id="recount",
            app=App("spark-bridge"),
            path="/v1/recounts",
            resource="/v1/recounts/{id}",
            body={"stream": stream.name, "version": stream.version},
            timeout=45 * MINUTES,
            doc_md="Posts a recount to the bridge and follows it. Skipped while no window is final yet.",
        )
        _equal(recount.output)
    return dag


@task(task_id="equal", doc_md="Fails when the recount has found a difference, and names the first windows.")
def _equal(recount: dict[str, Any]) -> dict[str, int]:
    if recount["verdict"] != "equal":
        raise AirflowFailException("\n".join(difference_lines(recount)))
    return recount["figures"]
