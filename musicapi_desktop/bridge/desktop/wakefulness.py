"""Keeps the computer awake while something plays or is fetched, and lets it sleep at once afterwards."""

from __future__ import annotations

from PySide6.QtCore import QObject

from .bus import Address, Body, Bus

_SUSPEND = 4
_PORTAL = Address("org.freedesktop.portal.Desktop", "/org/freedesktop/portal/desktop", "org.freedesktop.portal.Inhibit")
WAYS = (
    _PORTAL,
    Address(
        "org.freedesktop.PowerManagement",
        "/org/freedesktop/PowerManagement/Inhibit",
        "org.freedesktop.PowerManagement.Inhibit",
    ),
    Address("org.freedesktop.ScreenSaver", "/org/freedesktop/ScreenSaver", "org.freedesktop.ScreenSaver"),
)
"""Tried in this order: the first two hold off sleep alone, the last the screen saver with it."""


class Wakefulness(QObject):
    """Holds sleep off between ``set(True, …)`` and ``set(False)``. The service forgets it when the app is gone."""

    def __init__(self, bus: Bus, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._bus = bus
        self._wanted = False
        self._reason = ""
        self._asking = False
        self._held: tuple[Address, object] | None = None

    @property
    def held(self) -> bool:
        """True while a service holds sleep off for the app."""
        return self._held is not None

    def set(self, on: bool, reason: str = "") -> None:
        """Stay awake, and why; or not."""
        self._wanted, self._reason = on, reason or self._reason
        if on and self._held is None and not self._asking:
            self._asking = True
            self._ask(0)
        elif not on and self._held is not None:
            self._release()

    def _ask(self, number: int) -> None:
        if number == len(WAYS):
            self._asking = False
            return
        way = WAYS[number]
        if way is _PORTAL:
            signature, body = "sua{sv}", ("", _SUSPEND, {"reason": ("s", self._reason)})
        else:
            signature, body = "ss", ("MusicAPI Desktop", self._reason)

        def answered(answer: Body | None) -> None:
            if not answer:
                self._ask(number + 1)
                return
            self._asking, self._held = False, (way, answer[0])
            if not self._wanted:
                self._release()

        self._bus.call(way, "Inhibit", signature, body, answered)

    def _release(self) -> None:
        if self._held is None:
            return
        (way, given), self._held = self._held, None
        if way is _PORTAL:
            self._bus.call(Address(way.name, str(given), "org.freedesktop.portal.Request"), "Close", "", ())
        else:
            self._bus.call(way, "UnInhibit", "u", (given,))
