"""Reading the judged ledger of a stream, and saying what is wrong in it."""

from datetime import datetime, timedelta
from typing import Any

from millrace.api import App
from millrace.catalogue import Stream

MOST_TOLD = 20


class UnbalancedError(Exception):
    """Closed buckets whose equations do not hold."""


def read_ledger(app: App, stream: Stream) -> list[dict[str, Any]]:
    """Every bucket that is still kept, oldest first; none before the first event. Raises ProblemError, UnavailableError."""
    highest = app.get(f"/v1/streams/{stream.name}", version=stream.version)["highestEventTime"]
    if highest is None:
        return []
    since = datetime.fromisoformat(highest) - timedelta(hours=stream.retention_hours)
    query = {"version": stream.version, "from": since.isoformat(timespec="milliseconds").replace("+00:00", "Z")}
    page: dict[str, Any] = {"page": {"next": None}}
    buckets: list[dict[str, Any]] = []
    while True:
        page = app.get(f"/v1/streams/{stream.name}/ledger", **query, cursor=page["page"]["next"])
        buckets += page["data"]
        if not page["page"]["next"]:
            return buckets


def judged(buckets: list[dict[str, Any]]) -> dict[str, int]:
    """How many buckets are balanced, and how many are not judged yet or any more. Raises UnbalancedError naming the others."""
    unbalanced = [bucket for bucket in buckets if bucket["state"] == "unbalanced"]
    if unbalanced:
        told = "\n".join(_sentence(bucket) for bucket in unbalanced[:MOST_TOLD])
        rest = f"\n… and {len(unbalanced) - MOST_TOLD} more" if len(unbalanced) > MOST_TOLD else ""
        raise UnbalancedError(f"{len(unbalanced)} of {len(buckets)} buckets do not balance:\n{told}{rest}")
    states = [bucket["state"] for bucket in buckets]
    return {state: states.count(state) for state in ("balanced", "open", "expired")}


def _sentence(bucket: dict[str, Any]) -> str:
    differences = "; ".join(
        f"{difference['equation']}: {difference['left']} against {difference['right']}" for difference in bucket["differences"]
    )
    return f"  {bucket['bucket']}: {differences}"
