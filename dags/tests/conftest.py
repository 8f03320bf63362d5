"""An app that answers as told, and the surroundings that the DAGs expect."""

import json
import threading
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import SimpleNamespace
from typing import Any

import pytest


@dataclass
class ScriptedApp:
    """Answers requests in the order of `script`: (method, path, status, body); anything else is remembered as unexpected."""

    url: str = ""
    script: list[tuple[str, str, int, Any]] = field(default_factory=list)
    requests: list[SimpleNamespace] = field(default_factory=list)
    unexpected: list[str] = field(default_factory=list)

    def answers(self, *script: tuple[str, str, int, Any]) -> None:
        """Adds answers."""
        self.script += script

    def answer(self, method: str, path: str) -> tuple[int, Any]:
        """The next answer, if that is what was asked for."""
        if not self.script or self.script[0][:2] != (method, path):
            self.unexpected.append(f"{method} {path}")
            return 500, {"detail": "unexpected"}
        return self.script.pop(0)[2:]


@pytest.fixture
def app(monkeypatch, tmp_path):
    """One server for all four apps; the test fails when it is asked for something else, or not for everything."""
    scripted = ScriptedApp()

    class Handler(BaseHTTPRequestHandler):
        def _serve(self):
            length = int(self.headers.get("Content-Length") or 0)
            text = self.rfile.read(length)
            scripted.requests.append(
                SimpleNamespace(
                    method=self.command, path=self.path, headers=self.headers, body=json.loads(text) if text else None
                )
            )
            status, body = scripted.answer(self.command, self.path)
            content = body if isinstance(body, bytes) else json.dumps(body).encode()
            self.send_response(status)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        do_GET = do_POST = _serve

        def log_message(self, *arguments):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    scripted.url = f"http://127.0.0.1:{server.server_address[1]}"
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    for name in ("INGESTION", "SPARK_BRIDGE", "MATERIALIZER", "QUERY_API"):
        monkeypatch.setenv(f"MILLRACE_{name}_URL", scripted.url)
    for name in ("TRIGGER", "CONTROL", "READ"):
        file = tmp_path / name.lower()
        file.write_text(f"{name.lower()}.secret\n")
        monkeypatch.setenv(f"MILLRACE_{name}_KEY_FILE", str(file))
    yield scripted
    server.shutdown()
    thread.join()
    server.server_close()
    assert scripted.unexpected == []
    assert scripted.script == []


@pytest.fixture
def context():
    """What a task learns of itself, as far as the operators look at it."""
    return {"ti": SimpleNamespace(dag_id="trades_pipeline", run_id="manual__1", task_id="ingest", map_index=-1, try_number=1)}
