"""Notifications of the system: a song is ready, with *Play* and *Show* (org.freedesktop.Notifications 1.2)."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal, Slot

from .bus import Address, Body, Bus, Letter

DAEMON = Address("org.freedesktop.Notifications", "/org/freedesktop/Notifications", "org.freedesktop.Notifications")
_AS_LONG_AS_USUAL = -1


class Notices(QObject):
    """Tells of songs. ``play_asked`` and ``show_asked`` carry the song's id."""

    play_asked = Signal(str)
    show_asked = Signal(str)

    def __init__(self, bus: Bus, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._bus = bus
        self._told: dict[int, str] = {}
        bus.heard.connect(self._heard)
        bus.subscribe(DAEMON.path, DAEMON.interface)

    def tell(self, song_id: str, summary: str, body: str, *, playable: bool = True) -> None:
        """Show one notification; with ``playable`` it offers *Play*."""
        buttons = ["play", self.tr("Play")] if playable else []
        actions = [*buttons, "default", self.tr("Show"), "show", self.tr("Show")]
        hints = {"desktop-entry": ("s", "musicapi-desktop"), "category": ("s", "transfer.complete")}
        arguments = ("MusicAPI Desktop", 0, "musicapi-desktop", summary, body, actions, hints, _AS_LONG_AS_USUAL)

        def shown(answer: Body | None) -> None:
            if answer and isinstance(answer[0], int):
                self._told[answer[0]] = song_id

        self._bus.call(DAEMON, "Notify", "susssasa{sv}i", arguments, shown)

    @Slot(object)
    def _heard(self, letter: Letter) -> None:
        number = letter.body[0] if letter.interface == DAEMON.interface and letter.body else None
        song_id = self._told.get(number) if isinstance(number, int) else None
        if song_id is None or not isinstance(number, int):
            return
        if letter.member == "NotificationClosed":
            del self._told[number]
        elif letter.member == "ActionInvoked":
            (self.play_asked if letter.body[1:] == ("play",) else self.show_asked).emit(song_id)
