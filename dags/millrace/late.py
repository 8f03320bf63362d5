"""Late events, as a backfill waits for them and has them included."""

from datetime import UTC, datetime, timedelta
from typing import Any

from airflow.sdk import Context, XComArg
from airflow.sdk.exceptions import AirflowSkipException

from millrace.api import App, ProblemError
from millrace.catalogue import Stream
from millrace.job import Job
from millrace.patient import PatientSensor

HOUR = timedelta(hours=1)
NOT_YET = ("late_not_final", "nothing_final", "plan_pending")


class LateKept(PatientSensor):
    """Waits until every late event that ingestion has booked for a range lies in the late store; skipped where a run found none.

    `run` is the result of the task that followed the run; `begin` and `end` are instants, the range is made of full hours.
    """

    template_fields = ("run", "begin", "end")

    def __init__(
        self, *, app: App, stream: Stream, run: dict[str, Any] | XComArg, begin: str, end: str, **arguments: Any
    ) -> None:
        super().__init__(**arguments)
        self.app = app
        self.stream = stream
        self.run = run
        self.begin = begin
        self.end = end

    def look(self, context: Context) -> dict[str, Any] | None:
        """One look; what is kept once it is everything."""
        if self.run["counts"]["late"] == 0:
            raise AirflowSkipException("The run has found nothing that was not seen before.")
        span = {"from": _hour(self.begin), "to": _hour(self.end, up=True), "version": self.stream.version}
        buckets = [bucket for page in self._pages("ledger", span) for bucket in page["data"] if bucket["bucket"] != "none"]
        booked = sum(bucket["late"] for bucket in buckets)
        kept = sum(page["letters"] for page in self._pages("late/counts", span))
        self.seen(f"{kept} of {booked} late events are in the late store.")
        return {"booked": booked, "kept": kept} if kept >= booked else None

    def _pages(self, what: str, span: dict[str, Any]):
        cursor: str | None = None
        while True:
            page = self.app.get(f"/v1/streams/{self.stream.name}/{what}", **span, cursor=cursor)
            yield page
            cursor = page["page"]["next"]
            if not cursor:
                return


class Inclusion(Job):
    """A job that waits while windows of the late events are not final, or the stream is being built anew by another plan."""

    def look(self, context: Context) -> dict[str, Any] | None:
        """One look; the inclusion once it has ended."""
        try:
            return super().look(context)
        except ProblemError as error:
            if error.code not in NOT_YET:
                raise
            self.seen(str(error))
            return None


def _hour(instant: str, *, up: bool = False) -> str:
    moment = datetime.fromisoformat(instant).astimezone(UTC)
    hour = moment.replace(minute=0, second=0, microsecond=0)
    return (hour + HOUR if up and hour < moment else hour).isoformat().replace("+00:00", "Z")
