"""A sensor that waits out what passes, fails at once on what does not, and tells at the end what it last saw."""

from abc import abstractmethod
from datetime import timedelta
from typing import Any

from airflow.sdk import BaseSensorOperator, Context, PokeReturnValue
from airflow.sdk.exceptions import AirflowFailException, AirflowSensorTimeout

from millrace.api import ProblemError, UnavailableError

LOOK_EVERY_SECONDS = 2.0
GRACE = timedelta(minutes=2)  # for a look that hangs; the sensor's own end tells more


class PatientSensor(BaseSensorOperator):
    """Looks every two seconds until there is a result, in one process: Airflow 3.3 loses tasks that are rescheduled often.

    An app that is away or overloaded is waited for until `timeout` (seconds); a refusal fails the task without another try.
    """

    def __init__(self, *, timeout: float, **arguments: Any) -> None:
        limit = timedelta(seconds=timeout) + GRACE
        super().__init__(poke_interval=LOOK_EVERY_SECONDS, timeout=timeout, mode="poke", execution_timeout=limit, **arguments)
        self._seen = "nothing yet"

    @abstractmethod
    def look(self, context: Context) -> dict[str, Any] | None:
        """One look: the result, or None while there is none. Raises ProblemError, UnavailableError."""

    def poke(self, context: Context) -> PokeReturnValue:
        """What Airflow calls."""
        try:
            result = self.look(context)
        except UnavailableError as error:
            self.seen(str(error))
            return PokeReturnValue(False)
        except ProblemError as error:
            raise AirflowFailException(str(error)) from error
        return PokeReturnValue(result is not None, xcom_value=result)

    def seen(self, what: str) -> None:
        """Remembers, and logs when it is something new."""
        if what != self._seen:
            self.log.info("%s", what)
        self._seen = what

    def execute(self, context: Context) -> Any:
        """Waits; when the time is over the last thing seen is the reason."""
        try:
            return super().execute(context)
        except AirflowSensorTimeout as error:
            raise AirflowFailException(f"Not reached within {self.timeout:.0f} s. Last seen: {self._seen}") from error
