"""Healthy is a component whose heartbeat is newer than its container, as the API of Airflow tells it; `api` is healthy when it answers.

GET /api/v2/monitor/health → { "scheduler": { "status": "healthy", "latest_scheduler_heartbeat": "2026-…" }, … }
"""

import http.client
import json
import os
import sys
from datetime import datetime
from pathlib import Path

TIMEOUT_SECONDS = 5


def _get(path: str) -> dict:
    connection = http.client.HTTPConnection(os.environ["MILLRACE_AIRFLOW_ADDRESS"], timeout=TIMEOUT_SECONDS)
    try:
        connection.request("GET", path)
        answer = connection.getresponse()
        text = answer.read()
    finally:
        connection.close()
    if answer.status != http.client.OK:
        sys.exit(f"{path} answers {answer.status}: {text[:200]!r}")
    return json.loads(text)


def _started_at() -> float:
    """When the first process of this container began, in seconds since the epoch."""
    ticks = int(Path("/proc/1/stat").read_text().rsplit(")", 1)[1].split()[19])
    booted = next(int(line.split()[1]) for line in Path("/proc/stat").read_text().splitlines() if line.startswith("btime"))
    return booted + ticks / os.sysconf("SC_CLK_TCK")


def main(component: str) -> None:
    if component == "api":
        _get("/execution/health/ping")
        return
    found = _get("/api/v2/monitor/health")[component]
    heartbeat = found[f"latest_{component}_heartbeat"]
    # The time of the start is known to the second.
    if heartbeat is None or datetime.fromisoformat(heartbeat).timestamp() < _started_at() - 1:
        sys.exit(f"no heartbeat since the start; the last one was at {heartbeat}")
    if found["status"] != "healthy":
        sys.exit(f"{found['status']}; the last heartbeat was at {heartbeat}")


main(sys.argv[1])
