"""How often a task is tried again is a setting."""

from datetime import timedelta

import pytest

from millrace.defaults import task_defaults

RETRIES, SECONDS = "MILLRACE_AIRFLOW_RETRIES", "MILLRACE_AIRFLOW_RETRY_SECONDS"


def tries() -> tuple[int, timedelta]:
    defaults = task_defaults()
    return defaults["retries"], defaults["retry_delay"]


def test_a_task_is_tried_again_three_times_after_ten_seconds_and_more(monkeypatch):
    monkeypatch.delenv(RETRIES, raising=False)
    monkeypatch.setenv(SECONDS, "")
    assert tries() == (3, timedelta(seconds=10))


def test_a_task_is_tried_again_as_often_and_as_soon_as_the_settings_say(monkeypatch):
    monkeypatch.setenv(RETRIES, "1")
    monkeypatch.setenv(SECONDS, "2")
    assert tries() == (1, timedelta(seconds=2))


@pytest.mark.parametrize(
    ("name", "text", "most"),
    [(RETRIES, "0", 10), (RETRIES, "often", 10), (SECONDS, "301", 300), (SECONDS, "1.5", 300), (SECONDS, "²", 300)],
)
def test_what_is_no_such_number_is_refused_with_its_name(monkeypatch, name, text, most):
    monkeypatch.setenv(name, text)
    with pytest.raises(ValueError, match=f"{name} is '{text}'; a whole number from 1 to {most} is expected"):
        task_defaults()
