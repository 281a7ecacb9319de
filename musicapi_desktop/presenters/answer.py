"""What came of a press on a page of the settings, in a sentence."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from PySide6.QtCore import QCoreApplication

from musicapi_desktop.domain.errors import InvalidRequest, KeyringError, KnownError

translate = QCoreApplication.translate


@dataclass(frozen=True, slots=True)
class Answer:
    """What came of the last press on a page: a good, a doubtful or a bad sentence, and problems by field."""

    good: str = ""
    doubtful: str = ""
    bad: str = ""
    problems: Mapping[str, str] = field(default_factory=dict[str, str])
    offer_session: bool = False
    """The keyring cannot take the key: it may be kept for this session only."""


def answer_of(error: BaseException) -> Answer | None:
    """Return what a failure of the world means for the person; None for a mistake of ours."""
    if isinstance(error, InvalidRequest):
        return Answer(problems=error.problems)
    if isinstance(error, KnownError):
        words = " ".join(part for part in (error.message, error.hint) if part)
        return Answer(bad=words, offer_session=isinstance(error, KeyringError))
    if isinstance(error, OSError):
        words = translate("Settings", "This could not be saved: {0}.").format(error.strerror or str(error))
        return Answer(bad=words)
    return None
