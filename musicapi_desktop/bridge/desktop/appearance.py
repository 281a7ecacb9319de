"""Light or dark as the person's desktop says, now and whenever it changes (org.freedesktop.portal.Settings).

https://flatpak.github.io/xdg-desktop-portal/docs/doc-org.freedesktop.portal.Settings.html
Qt asks the portal only on desktops it knows by name; this works on every one, and on no desktop at all.
"""

from __future__ import annotations

from typing import Final, cast

from PySide6.QtCore import QObject, Signal, Slot

from .bus import Address, Body, Bus, Letter

PORTAL: Final = Address(
    "org.freedesktop.portal.Desktop", "/org/freedesktop/portal/desktop", "org.freedesktop.portal.Settings"
)
_QUESTION: Final = ("org.freedesktop.appearance", "color-scheme")
_SCHEMES: Final = {1: "dark", 2: "light"}


class Appearance(QObject):
    """``told`` carries ``dark``, ``light``, or '' where the person prefers neither."""

    told = Signal(str)

    def __init__(self, bus: Bus, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._bus = bus
        bus.heard.connect(self._heard)
        bus.subscribe(PORTAL.path, PORTAL.interface)
        bus.call(PORTAL, "ReadOne", "ss", _QUESTION, self._read)

    def _read(self, answer: Body | None) -> None:
        if answer is None:
            # portals before version 2 know the older name alone
            self._bus.call(PORTAL, "Read", "ss", _QUESTION, self._read_the_old_way)
        else:
            self._tell(answer[0])

    def _read_the_old_way(self, answer: Body | None) -> None:
        if answer:
            self._tell(answer[0])

    @Slot(object)
    def _heard(self, letter: Letter) -> None:
        changed = letter.interface == PORTAL.interface and letter.member == "SettingChanged"
        if changed and letter.body[:2] == _QUESTION and len(letter.body) == len(_QUESTION) + 1:
            self._tell(letter.body[2])

    def _tell(self, value: object) -> None:
        # a variant is a pair of its signature and its value, and the old answer is a variant in a variant
        while isinstance(value, tuple) and len(cast("tuple[object, ...]", value)) == 2:
            value = cast("tuple[object, object]", value)[1]
        if isinstance(value, int):
            self.told.emit(_SCHEMES.get(value, ""))
