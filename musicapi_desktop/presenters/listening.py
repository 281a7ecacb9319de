"""Hearing a piece of a take from anywhere: from a line of its lyrics on, or a range that was picked."""

from __future__ import annotations

from PySide6.QtCore import QObject, Slot

from .player import LEAST_LOOP, PlayerPresenter


class Listening(QObject):
    """Opens a take in the player where it is not there yet, then goes to the place that was asked for."""

    def __init__(self, player: PlayerPresenter, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._player = player
        self._wanted: tuple[str, float, tuple[float, float] | None] | None = None
        player.opened.connect(self._opened)

    def position_of(self, take_id: str) -> float | None:
        """Where a take is in the player, in seconds; None where another one is, or takes are compared blind."""
        state = self._player.state
        if state.take_id != take_id or not take_id or state.blind or state.loading:
            return None
        return self._player.look().position

    def loop_of(self, take_id: str) -> tuple[float, float] | None:
        """The loop the person made in a take, None where there is none."""
        state = self._player.state
        return state.loop if state.take_id == take_id and state.loop_on else None

    @Slot(str, str, float)
    def play_from(self, song_id: str, take_id: str, seconds: float) -> None:
        """Play a take from a moment of it."""
        self._go(song_id, (take_id, seconds, None))

    @Slot(str, str, float, float)
    def play_range(self, song_id: str, take_id: str, start: float, end: float) -> None:
        """Play a range of a take over and over."""
        self._go(song_id, (take_id, start, (start, end) if end - start >= LEAST_LOOP else None))

    def _go(self, song_id: str, wanted: tuple[str, float, tuple[float, float] | None]) -> None:
        self._wanted = wanted
        if self._player.state.take_id == wanted[0] and not self._player.state.loading:
            self._opened()
        else:
            self._player.open_by_id(song_id, wanted[0], play=False)

    @Slot()
    def _opened(self) -> None:
        wanted, self._wanted = self._wanted, None
        if wanted is None or self._player.state.take_id != wanted[0]:
            return
        _take_id, seconds, loop = wanted
        if loop is not None:
            self._player.set_loop(*loop)
        self._player.seek(seconds)
        self._player.play()
