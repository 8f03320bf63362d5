"""The HTTP endpoints of Millrace's apps: addresses and keys from the environment, problems as RFC 9457 says."""

import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx

TIMEOUT_SECONDS = 30.0

_ADDRESSES = {
    "ingestion": ("MILLRACE_INGESTION_URL", "http://127.0.0.1:13001"),
    "spark-bridge": ("MILLRACE_SPARK_BRIDGE_URL", "http://127.0.0.1:13002"),
    "materializer": ("MILLRACE_MATERIALIZER_URL", "http://127.0.0.1:13003"),
    "query-api": ("MILLRACE_QUERY_API_URL", "http://127.0.0.1:13000"),
}
_KEY_FILES = {
    "trigger": "MILLRACE_TRIGGER_KEY_FILE",
    "control": "MILLRACE_CONTROL_KEY_FILE",
    "read": "MILLRACE_READ_KEY_FILE",
}


class ProblemError(Exception):
    """The app refuses: asking again in the same way changes nothing. `code` is the problem's own, where it has one."""

    def __init__(self, message: str, code: str | None = None) -> None:
        super().__init__(message)
        self.code = code


class UnavailableError(Exception):
    """The app cannot be reached, or cannot answer now: worth asking again."""


@dataclass(frozen=True)
class App:
    """One app, called with one key. `key` is the name of its scope's key file; every call reads it, so that keys can rotate."""

    name: str
    key: str = "trigger"

    def post(self, path: str, body: dict[str, Any], *, idempotency_key: str | None = None) -> dict[str, Any]:
        """Posts JSON. Raises ProblemError or UnavailableError."""
        headers = {} if idempotency_key is None else {"Idempotency-Key": idempotency_key}
        return self._call("POST", path, headers=headers, json=body)

    def get(self, path: str, **query: Any) -> dict[str, Any]:
        """Gets JSON. Raises ProblemError or UnavailableError."""
        return self._call("GET", path, params={name: value for name, value in query.items() if value is not None})

    def _call(self, method: str, path: str, headers: dict[str, str] | None = None, **content: Any) -> dict[str, Any]:
        variable, default = _ADDRESSES[self.name]
        url = os.environ.get(variable, default).rstrip("/") + path
        try:
            answer = httpx.request(
                method, url, headers={**_authorization(self.key), **(headers or {})}, timeout=TIMEOUT_SECONDS, **content
            )
        except httpx.TransportError as error:
            raise UnavailableError(f"{self.name} cannot be reached at {url}: {error or type(error).__name__}") from error
        return _content(answer, f"{self.name}: {method} {path}")


def _authorization(key: str) -> dict[str, str]:
    variable = _KEY_FILES[key]
    path = os.environ.get(variable)
    if not path:
        raise ProblemError(f"{variable} is not set: it names the file with the key that the apps ask for.")
    try:
        text = Path(path).read_text(encoding="utf-8").strip()
    except OSError as error:
        raise ProblemError(f"The key file {path} ({variable}) cannot be read: {error.strerror}.") from error
    return {"Authorization": f"Bearer {text}"}


def _content(answer: httpx.Response, what: str) -> dict[str, Any]:
    if answer.is_success:
        return answer.json()
    detail, code = _detail(answer)
    message = f"{what} answers {answer.status_code}: {detail}"
    if answer.is_server_error or answer.status_code == httpx.codes.TOO_MANY_REQUESTS:
        raise UnavailableError(message)
    raise ProblemError(message, code)


def _detail(answer: httpx.Response) -> tuple[str, str | None]:
    """What the problem says of itself, with the fields that it names, and its code."""
    try:
        problem = answer.json()
        fields = "".join(f"; {error['field']}: {error['detail']}" for error in problem.get("errors", []))
        return f"{problem['detail']} [{problem['code']}]{fields}", problem["code"]
    except (ValueError, KeyError, TypeError):
        return answer.text[:300], None
