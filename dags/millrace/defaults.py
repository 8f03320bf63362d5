"""What every DAG and task of Millrace has in common."""

from datetime import UTC, datetime, timedelta
from typing import Any

from millrace.alert import alert

OWNER = "millrace"
START = datetime(2026, 1, 1, tzinfo=UTC)

TASK_DEFAULTS: dict[str, Any] = {
    "owner": OWNER,
    "retries": 3,
    "retry_delay": timedelta(seconds=10),
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
        "default_args": TASK_DEFAULTS,
        "dagrun_timeout": timedelta(hours=hours),
        "tags": {"millrace", kind, *more_tags},
    }
