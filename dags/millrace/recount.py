"""A recount of the bridge, as a task follows it."""

from typing import Any

from airflow.sdk import Context
from airflow.sdk.exceptions import AirflowSkipException

from millrace.api import ProblemError
from millrace.job import Job

NOTHING_FINAL = "nothing_final"


class Recount(Job):
    """A job that is skipped while the stream has no final window: there is nothing to count yet."""

    def look(self, context: Context) -> dict[str, Any] | None:
        """One look; the recount once it has ended."""
        try:
            return super().look(context)
        except ProblemError as error:
            if error.code == NOTHING_FINAL:
                raise AirflowSkipException(str(error)) from error
            raise


def difference_lines(recount: dict[str, Any]) -> list[str]:
    """What was found, a line a window."""
    figures = recount["figures"]
    return [
        f"Of {figures['windows']} windows from {recount['from']} to {recount['to']}: {figures['different']} differ, "
        f"{figures['missing']} are missing, {figures['extra']} are too many.",
        *(_line(difference) for difference in recount["differences"]),
    ]


def _line(difference: dict[str, Any]) -> str:
    group = ", ".join(f"{name} {value}" for name, value in difference["group"].items())
    window = f"{difference['view']} {group} {difference['windowStart']}".replace("  ", " ")
    if difference["kind"] == "missing":
        found = f"missing in {difference['table']}, should be {difference['recounted']}"
    elif difference["kind"] == "extra":
        found = f"too many in {difference['table']}: {difference['stored']}"
    else:
        found = f"stored in {difference['table']} {difference['stored']}, should be {difference['recounted']}"
    return f"  {window}: {found}"
