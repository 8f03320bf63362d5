"""What a backfill found late: waited for, and included."""

import pytest
from airflow.sdk.exceptions import AirflowFailException, AirflowSkipException

from millrace.api import App
from millrace.catalogue import Stream
from millrace.late import Inclusion, LateKept

TRADES = Stream("trades", 1, "", None, can_backfill=True, retention_hours=2)
SPAN = "from=2018-02-01T00%3A00%3A00Z&to=2018-02-01T02%3A00%3A00Z&version=1"
LEDGER = f"/v1/streams/trades/ledger?{SPAN}"
COUNTS = f"/v1/streams/trades/late/counts?{SPAN}"
INCLUDE = "/v1/streams/trades/late/include"
RANGE = {"from": "2018-02-01T00:10:00Z", "to": "2018-02-01T02:30:00+01:00"}
LAST = {"page": {"next": None}}


def kept(late: int) -> LateKept:
    return LateKept(
        task_id="kept",
        app=App("query-api", key="read"),
        stream=TRADES,
        run={"counts": {"late": late}},
        begin=RANGE["from"],
        end=RANGE["to"],
        timeout=60,
    )


def inclusion() -> Inclusion:
    return Inclusion(
        task_id="included",
        app=App("spark-bridge", key="control"),
        path=INCLUDE,
        resource="/v1/replays/{id}",
        body=RANGE,
        timeout=60,
    )


def ledger(*late: int) -> dict:
    return {"data": [{"bucket": "2018-02-01T00:00:00.000Z", "late": number} for number in late], **LAST}


def test_waits_until_all_late_events_of_the_hours_are_kept(app, context):
    app.answers(
        ("GET", LEDGER, 200, ledger(3, 2)),
        ("GET", COUNTS, 200, {"letters": 4, "page": {"next": "more"}}),
        ("GET", f"{COUNTS}&cursor=more", 200, {"letters": 0, **LAST}),
        ("GET", LEDGER, 200, ledger(3, 2)),
        ("GET", COUNTS, 200, {"letters": 5, **LAST}),
    )
    sensor = kept(late=2)
    assert not sensor.poke(context)
    assert sensor.poke(context).xcom_value == {"booked": 5, "kept": 5}


def test_is_skipped_where_the_run_has_found_nothing(app, context):
    with pytest.raises(AirflowSkipException):
        kept(late=0).poke(context)


def test_is_followed_to_its_end(app, context):
    app.answers(
        ("POST", INCLUDE, 202, {"id": "r1", "state": "queued", "error": None}),
        ("GET", "/v1/replays/r1", 200, {"id": "r1", "state": "running", "error": None}),
        ("GET", "/v1/replays/r1", 200, {"id": "r1", "state": "succeeded", "error": None, "late": {"chosen": 2}}),
    )
    task = inclusion()
    assert not task.poke(context)
    assert not task.poke(context)
    assert task.poke(context).xcom_value["late"] == {"chosen": 2}
    assert app.requests[0].body == RANGE


def test_waits_while_the_windows_are_not_final(app, context):
    app.answers(
        ("POST", INCLUDE, 409, {"code": "late_not_final", "detail": "Not yet."}),
        ("POST", INCLUDE, 202, {"id": "r1", "state": "succeeded", "error": None}),
    )
    task = inclusion()
    assert not task.poke(context)
    assert task.poke(context)


def test_fails_on_any_other_refusal(app, context):
    app.answers(("POST", INCLUDE, 409, {"code": "idempotency_key_used", "detail": "Used."}))
    with pytest.raises(AirflowFailException, match="Used"):
        inclusion().execute(context)
