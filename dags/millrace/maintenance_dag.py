"""The DAG that removes what has served its time."""

from typing import Any

from airflow.sdk import DAG, CronTriggerTimetable, Param, task
from airflow.sdk.exceptions import AirflowFailException

from millrace.api import App, ProblemError
from millrace.defaults import dag_defaults

DOC = """
Removes, once a day, what has served its time: records of runs that have ended, dead letters and late events past their
retention, recounts, and checkpoints that no query uses. The result of each task says what was removed and what is kept.

With **dryRun** nothing is removed.
"""

APPS = {
    "ingestion": "Records of ended runs and their idempotency keys.",
    "spark-bridge": "Checkpoints of retired generations, and old recounts.",
    "materializer": "Dead letters and late events past their retention.",
}


def maintenance_dag() -> DAG:
    """`maintenance`, every night."""
    with DAG(
        "maintenance",
        schedule=CronTriggerTimetable("17 3 * * *", timezone="UTC"),
        description="Removes records, letters and checkpoints past their retention.",
        doc_md=DOC,
        params={"dryRun": Param(False, type="boolean", title="Dry run", description="Only say what would be removed.")},
        **dag_defaults("maintenance"),
    ) as dag:
        for app, what in APPS.items():
            _clean.override(task_id=app.replace("-", "_"), doc_md=what)(app)
    return dag


@task
def _clean(app: str, params: dict[str, Any] | None = None) -> dict[str, Any]:
    try:
        return App(app, key="control").post("/v1/maintenance", {"dryRun": params["dryRun"]})
    except ProblemError as error:
        raise AirflowFailException(str(error)) from error
