"""What a red task says."""

import pytest

from millrace.api import App
from millrace.catalogue import Stream
from millrace.ledger import UnbalancedError, judged, read_ledger
from millrace.recount import difference_lines

TRADES = Stream("trades", 1, "", None, can_backfill=True, retention_hours=2)


def bucket(name: str, state: str, differences: tuple = ()) -> dict:
    return {"bucket": name, "state": state, "differences": list(differences)}


def test_a_ledger_is_read_as_far_back_as_it_is_kept_and_to_its_last_page(app):
    first, second = bucket("2018-02-01T00:00:00.000Z", "balanced"), bucket("2018-02-01T01:00:00.000Z", "open")
    ledger = "/v1/streams/trades/ledger?version=1&from=2018-01-31T23%3A30%3A00.250Z"
    app.answers(
        ("GET", "/v1/streams/trades?version=1", 200, {"highestEventTime": "2018-02-01T01:30:00.250Z"}),
        ("GET", ledger, 200, {"data": [first], "page": {"next": "abc"}}),
        ("GET", f"{ledger}&cursor=abc", 200, {"data": [second], "page": {"next": None}}),
    )
    assert judged(read_ledger(App("query-api", key="read"), TRADES)) == {"balanced": 1, "open": 1, "expired": 0}
    assert app.requests[0].headers["Authorization"] == "Bearer read.secret"


def test_a_stream_without_events_has_an_empty_ledger(app):
    app.answers(("GET", "/v1/streams/trades?version=1", 200, {"highestEventTime": None}))
    assert read_ledger(App("query-api", key="read"), TRADES) == []


def test_unbalanced_buckets_are_named_with_their_equations_and_numbers():
    difference = {"equation": "published = aggregated", "left": 12, "right": 11}
    buckets = [bucket("2018-02-01T00:00:00.000Z", "balanced"), bucket("2018-02-01T01:00:00.000Z", "unbalanced", (difference,))]
    with pytest.raises(UnbalancedError, match=r"1 of 2 .*\n  2018-02-01T01:00:00\.000Z: published = aggregated: 12 against 11"):
        judged(buckets)


def test_many_unbalanced_buckets_are_counted_and_the_first_told():
    with pytest.raises(UnbalancedError, match="… and 5 more"):
        judged([bucket(str(hour), "unbalanced") for hour in range(25)])


def test_a_recount_names_the_windows_that_differ():
    window = {"view": "per-hour", "group": {"network": "ci"}, "windowStart": "2018-02-01T00:00:00.000Z", "table": "by-time"}
    recount = {
        "from": "A", "to": "B", "figures": {"windows": 9, "different": 1, "missing": 1, "extra": 1},
        "differences": [
            {**window, "kind": "different", "stored": {"events": 11}, "recounted": {"events": 12}},
            {**window, "kind": "missing", "stored": None, "recounted": {"events": 12}},
            {**window, "kind": "extra", "stored": {"events": 11}, "recounted": None},
        ],
    }  # fmt: skip
    assert difference_lines(recount) == [
        "Of 9 windows from A to B: 1 differ, 1 are missing, 1 are too many.",
        "  per-hour network ci 2018-02-01T00:00:00.000Z: stored in by-time {'events': 11}, should be {'events': 12}",
        "  per-hour network ci 2018-02-01T00:00:00.000Z: missing in by-time, should be {'events': 12}",
        "  per-hour network ci 2018-02-01T00:00:00.000Z: too many in by-time: {'events': 11}",
    ]
