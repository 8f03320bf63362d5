"""What is begun once stays one, whatever happens to the task that follows it."""

import pytest
from airflow.sdk.exceptions import AirflowFailException, AirflowSkipException

from millrace.api import App
from millrace.job import Job, JobFailedError, header_key
from millrace.recount import Recount

RUNS = "/v1/streams/trades/runs"


def new_try(kind: type[Job] = Job) -> Job:
    """The task in a process of its own."""
    return kind(task_id="ingest", app=App("ingestion"), path=RUNS, resource="/v1/runs/{id}", body={"reason": "x"}, timeout=60)


def run(state: str, **more) -> dict:
    return {"id": "r1", "state": state, "offsets": {"0": 7}, "error": None, **more}


def keys(app) -> list[str]:
    return [request.headers["Idempotency-Key"] for request in app.requests if request.method == "POST"]


def test_posts_once_and_then_only_looks(app, context):
    app.answers(
        ("POST", RUNS, 202, run("queued")),
        ("GET", "/v1/runs/r1", 200, run("running")),
        ("GET", "/v1/runs/r1", 200, run("succeeded")),
    )
    job = new_try()
    assert [bool(job.poke(context)) for _ in range(2)] == [False, False]
    assert job.poke(context).xcom_value["offsets"] == {"0": 7}
    assert app.requests[0].headers["Authorization"] == "Bearer trigger.secret"
    assert app.requests[0].body == {"reason": "x"}


def test_a_try_after_one_that_was_killed_posts_under_the_same_key(app, context):
    app.answers(("POST", RUNS, 202, run("queued")), ("POST", RUNS, 202, run("running")))
    new_try().poke(context)
    context["ti"].try_number = 2
    new_try().poke(context)
    assert keys(app) == ["trades_pipeline:manual__1:ingest:-1:0"] * 2


def test_what_has_failed_fails_the_task_with_its_reason_and_the_next_try_begins_another(app, context):
    failed = run("failed", error={"code": "source_unreachable", "message": "The source of trades cannot be reached."})
    app.answers(("POST", RUNS, 202, run("queued")), ("GET", "/v1/runs/r1", 200, failed))
    job = new_try()
    job.poke(context)
    with pytest.raises(JobFailedError, match=r"The source of trades cannot be reached\. \[source_unreachable\]"):
        job.poke(context)
    app.answers(
        ("POST", RUNS, 202, failed), ("POST", RUNS, 202, run("queued", id="r2")), ("GET", "/v1/runs/r2", 200, run("succeeded"))
    )
    again = new_try()
    assert not again.poke(context)
    assert again.poke(context)
    assert [key[-2:] for key in keys(app)] == [":0", ":0", ":1"]


def test_an_app_that_is_away_is_waited_for_and_the_same_key_is_sent_again(app, context, monkeypatch):
    job = new_try()
    monkeypatch.setenv("MILLRACE_INGESTION_URL", "http://127.0.0.1:9")
    assert not job.poke(context)
    monkeypatch.setenv("MILLRACE_INGESTION_URL", app.url)
    app.answers(
        ("POST", RUNS, 503, {"detail": "Cassandra is away.", "code": "cassandra_unreachable"}), ("POST", RUNS, 202, run("queued"))
    )
    assert not job.poke(context)
    assert not job.poke(context)
    assert set(keys(app)) == {"trades_pipeline:manual__1:ingest:-1:0"}


def test_a_refusal_fails_at_once_with_what_the_app_says(app, context):
    app.answers(
        ("POST", RUNS, 400, {"detail": "Wrong.", "code": "body_invalid", "errors": [{"field": "from", "detail": "no instant"}]})
    )
    with pytest.raises(AirflowFailException, match=r"answers 400: Wrong\. \[body_invalid\]; from: no instant"):
        new_try().poke(context)


def test_an_answer_that_is_no_problem_document_is_told_as_it_is(app, context):
    app.answers(("POST", RUNS, 404, b"<html>not here</html>"))
    with pytest.raises(AirflowFailException, match="answers 404: <html>not here</html>"):
        new_try().poke(context)


def test_a_missing_key_file_is_named(app, context, monkeypatch):
    monkeypatch.setenv("MILLRACE_TRIGGER_KEY_FILE", "/nowhere/key")
    with pytest.raises(AirflowFailException, match=r"/nowhere/key \(MILLRACE_TRIGGER_KEY_FILE\) cannot be read: No such file"):
        new_try().poke(context)


def test_a_recount_is_skipped_while_nothing_is_final(app, context):
    app.answers(("POST", RUNS, 409, {"detail": "No window is final yet.", "code": "nothing_final"}))
    with pytest.raises(AirflowSkipException):
        new_try(Recount).poke(context)
    app.answers(("POST", RUNS, 409, {"detail": "Later.", "code": "range_not_final"}))
    with pytest.raises(AirflowFailException):
        new_try(Recount).poke(context)


def test_a_key_that_a_header_cannot_hold_becomes_a_digest_and_stays_the_same():
    assert header_key("plain:key") == "plain:key"
    for text in ("with blank", "über", "x" * 201):
        assert header_key(text) == header_key(text)
        assert len(header_key(text)) == 64  # noqa: PLR2004
