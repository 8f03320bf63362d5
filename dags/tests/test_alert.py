"""Telling of a failure reaches the webhook, and never changes the failure."""

import logging

import pytest

from millrace.alert import alert


@pytest.fixture
def webhook(app, monkeypatch, tmp_path):
    """A webhook whose address stands in a file."""
    file = tmp_path / "webhook"
    file.write_text(f"{app.url}/hook\n")
    monkeypatch.setenv("MILLRACE_ALERT_WEBHOOK_FILE", str(file))
    return app


def test_posts_what_failed_and_why(webhook, context):
    webhook.answers(("POST", "/hook", 204, b""))
    alert({**context, "exception": ValueError("12 against 11")})
    assert webhook.requests[0].body == {
        "dag": "trades_pipeline", "run": "manual__1", "task": "ingest", "mapIndex": -1, "tries": 1,
        "error": "12 against 11", "url": None,
    }  # fmt: skip


def test_a_webhook_that_refuses_is_logged_without_its_address(webhook, context, caplog):
    webhook.answers(("POST", "/hook", 500, b""))
    with caplog.at_level(logging.ERROR):
        alert(context)
    assert caplog.messages == ["The alert webhook answers 500."]


def test_without_a_webhook_nothing_is_sent(app, context, monkeypatch):
    monkeypatch.delenv("MILLRACE_ALERT_WEBHOOK_FILE", raising=False)
    alert(context)
    assert app.requests == []


def test_a_file_that_cannot_be_read_is_logged(context, monkeypatch, caplog):
    monkeypatch.setenv("MILLRACE_ALERT_WEBHOOK_FILE", "/nowhere/hook")
    alert(context)
    assert "/nowhere/hook" in caplog.text
