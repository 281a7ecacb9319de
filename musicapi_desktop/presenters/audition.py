"""Listening in: while one walks through the list with the arrows, each take is heard where it is loudest."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from musicapi_desktop.domain.song import Take, TakeState
from musicapi_desktop.settings.preferences import Preferences

AUDITION_KEY: Final = "library.audition"
SPAN: Final = 15.0
"""Seconds of a take that are heard."""
_WAIT_MS: Final = 150


class Audition(QObject):
    """``asked`` carries a song, a take and where to start, in seconds; ``ended`` that it is enough."""

    asked = Signal(str, str, float)
    ended = Signal()

    def __init__(self, preferences: Preferences) -> None:
        super().__init__()
        self._preferences = preferences
        self.on = preferences.get(AUDITION_KEY, False)
        self._take: Take | None = None
        self._sounding = False
        self._wait = QTimer(self, singleShot=True, interval=_WAIT_MS)
        self._wait.timeout.connect(self._begin)
        self._span = QTimer(self, singleShot=True, interval=round(SPAN * 1000))
        self._span.timeout.connect(self._over)

    @Slot(bool)
    def turn(self, on: bool) -> None:
        """On or off; off ends what is heard. Raises OSError where the answer cannot be kept."""
        self.on = on
        if not on:
            self.stop()
        self._preferences.set(AUDITION_KEY, on)

    def arrive(self, take: Take | None) -> None:
        """The arrows came to a take; it is heard when they rest on it."""
        self._take = take if take is not None and take.state is TakeState.READY else None
        if self.on and self._take is not None:
            self._wait.start()
        else:
            self._wait.stop()

    def stop(self) -> bool:
        """Listen in no more; False where nothing was heard."""
        self._wait.stop()
        self._span.stop()
        sounding, self._sounding = self._sounding, False
        if sounding:
            self.ended.emit()
        return sounding

    def left_alone(self) -> None:
        """The person plays something themselves: it is no longer ours to end."""
        self._sounding = False
        self._span.stop()

    @Slot()
    def _begin(self) -> None:
        take = self._take
        if take is not None and self.on:
            self._sounding = True
            self._span.start()
            self.asked.emit(take.song_id, take.id, loudest(take))

    @Slot()
    def _over(self) -> None:
        self.stop()


def loudest(take: Take, span: float = SPAN) -> float:
    """Where the loudest ``span`` seconds of a take begin, from its overview (peaks, 0–255); 0 where none is known."""
    facts = take.facts
    if facts is None or facts.seconds <= span or not facts.overview:
        return 0.0
    peaks = facts.overview
    width = max(1, round(len(peaks) * span / facts.seconds))
    here = most = sum(peaks[:width])
    start = 0
    for place in range(1, len(peaks) - width + 1):
        here += peaks[place + width - 1] - peaks[place - 1]
        if here > most:
            most, start = here, place
    return min(start / len(peaks) * facts.seconds, facts.seconds - span)
