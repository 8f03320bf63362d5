"""Reading the judged ledger of a stream, and saying what is wrong in it."""

from typing import Any

from millrace.api import App

MOST_TOLD = 20


class UnbalancedError(Exception):
    """Closed buckets whose equations do not hold."""


def read_ledger(app: App, stream: str) -> list[dict[str, Any]]:
    """Every bucket that is still kept, oldest first. Raises ProblemError, UnavailableError."""
    path = f"/v1/streams/{stream}/ledger"
    page = app.get(path)
    buckets = page["data"]
    while page["page"]["next"]:
        page = app.get(path, cursor=page["page"]["next"])
        buckets += page["data"]
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
