"""What every DAG and task of Millrace has in common."""

import os
from datetime import UTC, datetime, timedelta
from typing import Any

from millrace.alert import alert

OWNER = "millrace"
START = datetime(2026, 1, 1, tzinfo=UTC)


def task_defaults() -> dict[str, Any]:
    """Arguments of a task: tried again MILLRACE_AIRFLOW_RETRIES times, the first time after MILLRACE_AIRFLOW_RETRY_SECONDS.

    Raises ValueError where one of them is no such number, which Airflow shows as an import error.
    """
    return {
        "owner": OWNER,
        "retries": _number("MILLRACE_AIRFLOW_RETRIES", default=3, most=10),
        "retry_delay": timedelta(seconds=_number("MILLRACE_AIRFLOW_RETRY_SECONDS", default=10, most=300)),
        "retry_exponential_backoff": True,
        "max_retry_delay": timedelta(minutes=5),
        "execution_timeout": timedelta(hours=1),
        "on_failure_callback": alert,
    }


def dag_defaults(kind: str, *more_tags: str, hours: float = 3) -> dict[str, Any]:
    """Arguments of a DAG: one run at a time and for so long, nothing for the past."""
    return {
        "start_date": START,
        "catchup": False,
        "max_active_runs": 1,
        "is_paused_upon_creation": False,
        "default_args": task_defaults(),
        "dagrun_timeout": timedelta(hours=hours),
        "tags": {"millrace", kind, *more_tags},
    }


def _number(name: str, *, default: int, most: int) -> int:
    text = os.environ.get(name, "").strip() or str(default)
    if not (text.isascii() and text.isdigit() and 1 <= int(text) <= most):
        raise ValueError(f"{name} is '{text}'; a whole number from 1 to {most} is expected.")
    return int(text)
