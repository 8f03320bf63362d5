"""Waiting for an app to have got as far as a run has published."""

from typing import Any

from airflow.sdk import Context

from millrace.api import App
from millrace.patient import PatientSensor


class Reached(PatientSensor):
    """Asks an app's `await` endpoint until everything before `offsets` of the stream's topic has passed it.

    `offsets` are next offsets by partition, as a run gives them.
    """

    template_fields = ("offsets",)

    def __init__(self, *, app: App, stream: str, offsets: dict[str, int] | Any, **arguments: Any) -> None:
        super().__init__(**arguments)
        self.app = app
        self.stream = stream
        self.offsets = offsets

    def look(self, context: Context) -> dict[str, Any] | None:
        """One look; the answer once it is reached."""
        answer = self.app.post(f"/v1/streams/{self.stream}/await", {"offsets": self.offsets})
        if answer["reached"]:
            return answer
        missing = ", ".join(f"{lag} in partition {partition}" for partition, lag in answer["lag"].items() if lag)
        self.seen(f"{self.app.name} still has to pass {missing or 'its first batch'}.")
        return None
