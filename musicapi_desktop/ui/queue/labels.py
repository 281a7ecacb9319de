"""The words on the buttons of a job."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication

from musicapi_desktop.models.queue_rows import Act

translate = QCoreApplication.translate


def label(act: Act) -> str:
    """What a button or a menu says."""
    return {
        Act.RUN_NEXT: translate("Queue", "Run next"),
        Act.RELEASE: translate("Queue", "Send"),
        Act.HOLD: translate("Queue", "Hold"),
        Act.STOP_AFTER: translate("Queue", "Stop after this"),
        Act.RELEASE_ALL: translate("Queue", "Send all that is held"),
        Act.REMOVE: translate("Queue", "Remove"),
        Act.STOP_WAITING: translate("Queue", "Stop waiting"),
        Act.FIX: translate("Queue", "Fix and try again"),
        Act.TRY_AGAIN: translate("Queue", "Try again"),
        Act.LOOK: translate("Queue", "Look for it"),
        Act.SEND_AGAIN: translate("Queue", "Send again (may be charged twice)"),
        Act.FORGET: translate("Queue", "Forget"),
        Act.PLAY: translate("Queue", "Play"),
        Act.SHOW: translate("Queue", "Show"),
        Act.COPY_DETAILS: translate("Queue", "Copy details"),
    }[act]


def explanation(act: Act) -> str:
    """What pressing it means, where the word alone does not say; empty otherwise."""
    return {
        Act.STOP_WAITING: translate(
            "Queue", "The service may still finish it and charge; it will be picked up if it does."
        ),
        Act.STOP_AFTER: translate("Queue", "Everything behind it is held until you send it."),
        Act.REMOVE: translate("Queue", "Free: nothing has been sent."),
        Act.LOOK: translate("Queue", "Reads the balance and compares it with the one before."),
    }.get(act, "")
