"""Work of an app that is begun once and followed to its end."""

import hashlib
import re
from typing import Any

from airflow.sdk import Context
from airflow.sdk.exceptions import AirflowFailException

from millrace.api import App
from millrace.patient import PatientSensor

ENDED = ("succeeded", "failed", "abandoned")
MOST_BEGINNINGS = 20


class Job(PatientSensor):
    """Posts to an app, under a key of this DAG run and task, and looks at the resource that came of it until it has ended.

    The key never holds the number of the try: a try that follows one that was killed posts the same again and gets the
    same resource. Only where that one has ended in failure does the next try, or an operator who clears the task, begin
    another. The resource is the task's result.

    `body` is what is posted; `resource` is the path of its status, with {id} where the answer's id belongs.
    """

    template_fields = ("body",)

    def __init__(self, *, app: App, path: str, resource: str, body: dict[str, Any], **arguments: Any) -> None:
        super().__init__(**arguments)
        self.app = app
        self.path = path
        self.resource = resource
        self.body = body
        self._id: str | None = None
        self._beginning = 0

    def look(self, context: Context) -> dict[str, Any] | None:
        """One look; the resource once it has succeeded."""
        job = self._begin(context) if self._id is None else self.app.get(self._status(self._id))
        self.seen(f"{self.app.name}: {self._status(job['id'])} is {job['state']}")
        if job["state"] in ("failed", "abandoned"):
            error = job["error"] or {"code": job["state"], "message": "No reason is given."}
            raise JobFailedError(
                f"{self._status(job['id'])} of {self.app.name} {job['state']}: {error['message']} [{error['code']}]"
            )
        return job if job["state"] == "succeeded" else None

    def _status(self, job: str) -> str:
        return self.resource.format(id=job)

    def _begin(self, context: Context) -> dict[str, Any]:
        """The first one under our keys that has not ended in failure: found where a try before has begun it, else begun now."""
        instance = context["ti"]
        while self._beginning < MOST_BEGINNINGS:
            key = header_key(f"{instance.dag_id}:{instance.run_id}:{instance.task_id}:{instance.map_index}:{self._beginning}")
            job = self.app.post(self.path, self.body, idempotency_key=key)
            self._beginning += 1
            if job["state"] not in ("failed", "abandoned"):
                break
        else:
            raise AirflowFailException(
                f"{MOST_BEGINNINGS} times has {self.path} of {self.app.name} been begun for this task, and failed."
            )
        self._id = job["id"]
        self.log.info("%s is followed under the key %s.", self._status(job["id"]), key)
        return job


class JobFailedError(Exception):
    """The work has ended in failure; a next try begins it again."""


def header_key(text: str) -> str:
    """The text where an idempotency key may be so (200 printable characters), else its digest: run ids are free text."""
    return text if re.fullmatch(r"[\x21-\x7e]{1,200}", text) else hashlib.sha256(text.encode()).hexdigest()
