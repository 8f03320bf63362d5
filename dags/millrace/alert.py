"""Telling somebody that a task has failed for good."""

import logging
import os
from pathlib import Path
from typing import Any

import httpx

TIMEOUT_SECONDS = 10.0

log = logging.getLogger(__name__)


def alert(context: dict[str, Any]) -> None:
    """Posts the failure as JSON to the webhook whose address stands in the file MILLRACE_ALERT_WEBHOOK_FILE, if there is one.

    The body: dag, run, task, mapIndex, tries, error, url, all text but the numbers. An address is often a secret, hence the
    file. A webhook that does not answer is logged; the task is as red as it is.
    """
    address = _address()
    if address is None:
        return
    instance = context["ti"]
    body = {
        "dag": instance.dag_id,
        "run": instance.run_id,
        "task": instance.task_id,
        "mapIndex": instance.map_index,
        "tries": instance.try_number,
        "error": str(context.get("exception") or "The task's process has ended without a word."),
        "url": getattr(instance, "log_url", None),
    }
    try:
        httpx.post(address, json=body, timeout=TIMEOUT_SECONDS).raise_for_status()
    except httpx.HTTPStatusError as error:
        log.error("The alert webhook answers %d.", error.response.status_code)
    except (httpx.TransportError, httpx.InvalidURL) as error:
        log.error("The alert webhook cannot be reached: %s.", type(error).__name__)


def _address() -> str | None:
    path = os.environ.get("MILLRACE_ALERT_WEBHOOK_FILE")
    if not path:
        return None
    try:
        return Path(path).read_text(encoding="utf-8").strip() or None
    except OSError as error:
        log.error("MILLRACE_ALERT_WEBHOOK_FILE (%s) cannot be read: %s.", path, error.strerror)
        return None
