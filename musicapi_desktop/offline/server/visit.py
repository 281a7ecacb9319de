"""One request at the desk: what it said, and what an answer to it is worded with."""

from __future__ import annotations

from dataclasses import dataclass

from starlette.requests import Request

from musicapi_desktop.wire.values import text

from .accent import Kind, Said
from .answers import Words
from .courier import hook_of
from .fields import Body, Form, Reading, Rejected
from .manner import Manner
from .records import TaskRecord
from .studio import Studio
from .tasks import Hook


@dataclass(frozen=True, slots=True)
class Visit:
    """A request that passed the guard; ``said`` holds the values of its form, nothing for a GET.

    ``asked_before`` remembers what was told to come again; ``create_form`` reads the items of a batch.
    """

    studio: Studio
    request: Request
    words: Words
    said: Reading
    asked_before: set[tuple[str, str]]
    create_form: Form

    @property
    def manner(self) -> Manner:
        """The dialects in force."""
        return self.studio.manner

    @property
    def hook(self) -> Hook | None:
        """Where the request wants to be told. Raises Rejected."""
        return hook_of(self.said.text("webhook_url", "callback_url"), self.said.words("webhook_secret"))

    def task(self, system: str) -> TaskRecord:
        """Return the task the path names. Raises Rejected."""
        task = self.studio.cabinet.tasks.get(text(self.request.path_params.get("task_id")))
        if task is None or task.system != system:
            raise Rejected("Task not found.", "not_found", about="task")
        return task

    def comes_again(self, what: str, which: str) -> bool:
        """Tell whether this was asked before, and remember that it was."""
        before = (what, which) in self.asked_before
        self.asked_before.add((what, which))
        return before


def success(kind: Kind = Kind.OTHER, **more: object) -> Said:
    """Return a success with what is given beside the usual words."""
    body: Body = {"code": 200, "message": "success", **more}
    return Said(body, kind)


def submitted(task: TaskRecord) -> Said:
    """Return the answer to a create-type call (contract §3.3)."""
    return success(Kind.SUBMIT, task_id=task.task_id)
