"""Rules that every DAG of this folder keeps."""

from contextlib import nullcontext
from copy import deepcopy
from datetime import timedelta
from pathlib import Path

import pytest
from airflow.dag_processing.dagbag import DagBag
from airflow.sdk.definitions.param import ParamsDict
from airflow.sdk.exceptions import ParamValidationError

from millrace.catalogue import read_streams
from millrace.defaults import OWNER

FOLDER = Path(__file__).parents[1]
BAG = DagBag(str(FOLDER))
DAGS = sorted(BAG.dags.values(), key=lambda dag: dag.dag_id)
TASKS = [task for dag in DAGS for task in dag.tasks]
STREAMS = read_streams()

every_dag = pytest.mark.parametrize("dag", DAGS, ids=lambda dag: dag.dag_id)
every_task = pytest.mark.parametrize("task", TASKS, ids=lambda task: f"{task.dag_id}.{task.task_id}")


def test_every_file_imports():
    assert BAG.import_errors == {}


def test_every_stream_has_its_dags_and_nothing_else_is_there():
    expected = {"maintenance"}
    for stream in STREAMS:
        expected |= {f"{stream.name}_pipeline", f"{stream.name}_recount"}
        expected |= {f"{stream.name}_backfill"} if stream.can_backfill else set()
    assert {dag.dag_id for dag in DAGS} == expected


@every_dag
def test_a_dag_says_what_it_is(dag):
    assert dag.doc_md
    assert dag.description
    assert {"millrace"} < dag.tags


@every_dag
def test_a_dag_runs_once_at_a_time_at_once_and_never_for_the_past(dag):
    assert (dag.max_active_runs, dag.catchup, dag.is_paused_upon_creation) == (1, False, False)
    assert dag.dagrun_timeout


@every_task
def test_a_task_has_an_owner_docs_retries_a_limit_and_tells_when_it_fails(task):
    assert task.owner == OWNER
    assert task.doc_md
    assert task.retries
    assert task.retry_exponential_backoff
    assert task.max_retry_delay <= timedelta(minutes=5)
    assert task.execution_timeout
    assert task.execution_timeout < task.dag.dagrun_timeout
    assert task.on_failure_callback


@every_task
def test_a_task_that_waits_stays_where_it_is(task):
    assert getattr(task, "mode", "poke") == "poke"


@pytest.mark.parametrize("stream", STREAMS, ids=lambda stream: stream.name)
def test_a_pipeline_is_checked_when_its_stream_says(stream):
    timetable = BAG.dags[f"{stream.name}_pipeline"].timetable
    assert getattr(timetable, "expression", None) == stream.schedule


@pytest.mark.parametrize("stream", STREAMS, ids=lambda stream: stream.name)
def test_a_pipeline_goes_from_the_source_to_the_books_and_the_recount_follows(stream):
    pipeline = BAG.dags[f"{stream.name}_pipeline"]
    assert [task.task_id for task in pipeline.topological_sort()] == ["ingest", "aggregated", "stored", "balanced"]
    (asset,) = pipeline.get_task("balanced").outlets
    assert asset.uri == f"millrace://{stream.name}/"  # Airflow's own form of millrace://<stream>
    assert asset.uri in str(BAG.dags[f"{stream.name}_recount"].timetable.asset_condition)


def form(dag_id: str, given: dict) -> ParamsDict:
    """The parameters of a DAG, filled in as a user's form does."""
    params = deepcopy(BAG.dags[dag_id].params)
    params.update(given)
    return params


@pytest.mark.parametrize(
    ("given", "is_taken"),
    [
        ({"from": "2018-02-01T00:00:00Z", "to": "2018-02-02T00:00:00Z"}, True),
        ({"from": "2018-02-01T00:00:00+01:00", "to": "2018-02-02T00:00:00Z", "reason": "the source was down"}, True),
        ({"from": "yesterday", "to": "2018-02-02T00:00:00Z"}, False),
        ({"from": "2018-02-01T00:00:00Z"}, False),
        ({"from": 1517443200, "to": "2018-02-02T00:00:00Z"}, False),
        ({"from": "2018-02-01T00:00:00Z", "to": "2018-02-02T00:00:00Z", "reason": "x" * 151}, False),
    ],
)
def test_a_backfill_refuses_what_is_no_range(given, is_taken):
    for stream in STREAMS:
        if not stream.can_backfill:
            continue
        with nullcontext() if is_taken else pytest.raises(ParamValidationError):
            form(f"{stream.name}_backfill", given).validate()


def test_maintenance_takes_only_yes_or_no():
    with pytest.raises(ParamValidationError):
        form("maintenance", {"dryRun": "perhaps"}).validate()
