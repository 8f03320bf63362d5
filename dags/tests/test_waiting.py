"""Waiting for offsets, and what a wait that is over says."""

import pytest
from airflow.sdk.exceptions import AirflowFailException

from millrace.api import App
from millrace.reached import Reached

AWAIT = "/v1/streams/trades/await"


def reached(timeout: float = 60) -> Reached:
    return Reached(task_id="stored", app=App("materializer"), stream="trades", run={"offsets": {"0": 5}}, timeout=timeout)


def test_waits_until_the_offsets_are_reached(app, context):
    app.answers(
        ("POST", AWAIT, 200, {"reached": False, "offsets": {}, "lag": {"0": 5}}),
        ("POST", AWAIT, 200, {"reached": True, "offsets": {"0": 5}, "lag": {"0": 0}}),
    )
    sensor = reached()
    assert not sensor.poke(context)
    assert sensor.poke(context)
    assert app.requests[0].body == {"offsets": {"0": 5}}


def test_says_what_it_saw_last_when_the_time_is_over(app, context):
    app.answers(("POST", AWAIT, 200, {"reached": False, "offsets": {}, "lag": {"0": 5, "1": 0}}))
    with pytest.raises(AirflowFailException, match=r"Last seen: materializer still has to pass 5 in partition 0\."):
        reached(timeout=0).execute(context)
