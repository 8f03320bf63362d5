"""The streams as `provision generate` has written them down in generated/dags.json."""

import json
import os
from dataclasses import dataclass
from pathlib import Path

FORMAT = 1


@dataclass(frozen=True)
class Stream:
    """One declared stream, as far as Airflow needs to know it."""

    name: str
    version: int
    summary: str
    schedule: str | None
    can_backfill: bool
    retention_hours: float

    @property
    def label(self) -> str:
        """The stream with its version, as topics and queries are named."""
        return f"{self.name}.v{self.version}"


def dags_file() -> Path:
    """Where the streams stand: MILLRACE_DAGS_FILE, or generated/ beside this folder's parent."""
    named = os.environ.get("MILLRACE_DAGS_FILE")
    return Path(named) if named else Path(__file__).parents[2] / "generated" / "dags.json"


def read_streams() -> list[Stream]:
    """The newest version of every stream. Raises ValueError where the file is of another format, which Airflow shows."""
    path = dags_file()
    content = json.loads(path.read_text(encoding="utf-8"))
    if content["format"] != FORMAT:
        raise ValueError(
            f"{path} has format {content['format']}; these DAGs read format {FORMAT}. "
            "Run npm run provision -- generate in the version of Millrace that the DAGs are from."
        )
    newest: dict[str, Stream] = {}
    for entry in content["streams"]:
        stream = Stream(
            name=entry["stream"],
            version=entry["version"],
            summary=entry["summary"],
            schedule=entry["schedule"],
            can_backfill=entry["canBackfill"],
            retention_hours=entry["retentionMs"] / 3_600_000,
        )
        if stream.name not in newest or newest[stream.name].version < stream.version:
            newest[stream.name] = stream
    return list(newest.values())
