"""Waiting for an app to have got as far as a run has published."""

from typing import Any

from airflow.sdk import Context, XComArg

from millrace.api import App
from millrace.patient import PatientSensor


class Reached(PatientSensor):
    """Asks an app's `await` endpoint until everything that was published when a run ended has passed it.

    `run` is the result of the task that followed the run: its `offsets` are the next ones by partition.
    """

    template_fields = ("run",)

    def __init__(self, *, app: App, stream: str, run: dict[str, Any] | XComArg, **arguments: Any) -> None:
        super().__init__(**arguments)
        self.app = app
        self.stream = stream
        self.run = run

    def look(self, context: Context) -> dict[str, Any] | None:
        """One look; the answer once it is reached."""
        answer = self.app.post(f"/v1/streams/{self.stream}/await", {"offsets": self.run["offsets"]})
        if answer["reached"]:
            return answer
        missing = ", ".join(f"{lag} in partition {partition}" for partition, lag in answer["lag"].items() if lag)
        self.seen(f"{self.app.name} still has to pass {missing or 'its first batch'}.")
        return None
