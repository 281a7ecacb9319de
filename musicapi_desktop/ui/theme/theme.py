"""The theme in force: Fusion with our own palette and one style sheet, dark or light, following the system live."""

from __future__ import annotations

from functools import cache
from typing import Final

from PySide6 import QtCore
from PySide6.QtCore import QObject, Signal, Slot
from PySide6.QtGui import QColor, QGuiApplication, QPalette
from PySide6.QtWidgets import QApplication, QStyleFactory, QWidget

from . import fonts
from .tokens import ROLES, tokens

SYSTEM: Final = "system"
DARK: Final = "dark"
LIGHT: Final = "light"
CHOICES: Final = (SYSTEM, DARK, LIGHT)

_STEM_SHADE: Final = 0.72
"""How far the light scheme shades a stem's hue, so that a waveform stands out from white and stays calm."""


class Theme(QObject):
    """Colours, sizes and fonts by role. One of these exists; ``current()`` returns it."""

    changed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._scheme = DARK
        self._choice = SYSTEM
        self._dressed = ""
        self._told = ""
        self._app: QApplication | None = None

    @property
    def scheme(self) -> str:
        """``dark`` or ``light``, as shown now."""
        return self._scheme

    @property
    def choice(self) -> str:
        """``system``, ``dark`` or ``light``, as the person chose."""
        return self._choice

    def color(self, role: str) -> QColor:
        """A fresh colour of a role. Raises KeyError for a name that is not a role."""
        return QColor(tokens().scheme(self._scheme)[role])

    def stem(self, kind: str) -> QColor:
        """The hue of a stem for waveforms and strips; an unknown kind gets the dim text's colour."""
        name = tokens().stems.get(kind)
        if name is None:
            return self.color("text_dim")
        hue = QColor(name)
        if self._scheme == LIGHT:
            hue.setRgbF(hue.redF() * _STEM_SHADE, hue.greenF() * _STEM_SHADE, hue.blueF() * _STEM_SHADE)
        return hue

    def size(self, name: str) -> int:
        """A size in logical pixels. Raises KeyError for an unknown name."""
        return tokens().size[name]

    def expect(self, choice: str, last: str) -> None:
        """Answer in the colours of ``choice`` before ``apply`` has dressed anything; for ``system`` in ``last``.

        ``last`` is the scheme of the last run: asking the system loads what the first frame can do without. Where it
        is neither ``dark`` nor ``light`` the system is asked.
        """
        known = choice if choice in {DARK, LIGHT} else last
        self._scheme = known if known in {DARK, LIGHT} else self._wanted()

    def apply(self, app: QApplication, choice: str) -> None:
        """Dress ``app`` and keep it dressed: ``system`` follows the system, the others hold whatever it says."""
        if self._app is None:
            self._app = app
            if app.style().objectName().lower() != "fusion":
                app.setStyle(QStyleFactory.create("Fusion"))
            fonts.load()
            app.setFont(fonts.font())
            app.styleHints().colorSchemeChanged.connect(self._system_changed)
        self._choice = choice if choice in CHOICES else SYSTEM
        self._tell_platform()
        self._dress()

    @Slot(str)
    def hear(self, scheme: str) -> None:
        """The desktop says ``dark`` or ``light``, or '' where it leaves that open."""
        self._told = scheme
        self._system_changed()

    def _tell_platform(self) -> None:
        # native frames and dialogs follow this where the platform has a scheme at all
        hints = QGuiApplication.styleHints()
        if self._choice == SYSTEM:
            hints.unsetColorScheme()
        else:
            schemes = QtCore.Qt.ColorScheme
            hints.setColorScheme(schemes.Light if self._choice == LIGHT else schemes.Dark)

    @Slot()
    def _system_changed(self) -> None:
        if self._choice == SYSTEM and self._wanted() != self._scheme:
            self._dress()

    def _wanted(self) -> str:
        if self._choice != SYSTEM:
            return self._choice
        if self._told:
            return self._told
        # a platform that does not know gets the scheme the app was drawn in first
        return LIGHT if QGuiApplication.styleHints().colorScheme() == QtCore.Qt.ColorScheme.Light else DARK

    def _dress(self) -> None:
        if self._app is None:
            return
        if self._dressed == self._wanted():
            return
        from .sheet import sheet  # after the first paint

        self._scheme = self._dressed = self._wanted()
        colours = tokens().scheme(self._scheme)
        self._app.setPalette(palette(self._scheme))
        self._app.setStyleSheet(sheet(self._scheme, colours, tokens().size))
        self.changed.emit()


@cache
def current() -> Theme:
    """The theme of this program."""
    return Theme()


def palette(scheme: str) -> QPalette:
    """The palette of ``dark`` or ``light``: what is not styled by the sheet still fits."""
    colours = {role: QColor(tokens().scheme(scheme)[role]) for role in ROLES}
    of = QPalette.ColorRole
    made = QPalette()
    pairs = (
        (of.Window, "bg"),
        (of.WindowText, "text"),
        (of.Base, "sunk"),
        (of.AlternateBase, "panel"),
        (of.Text, "text"),
        (of.Button, "raised"),
        (of.ButtonText, "text"),
        (of.BrightText, "bad"),
        (of.ToolTipBase, "raised"),
        (of.ToolTipText, "text"),
        (of.PlaceholderText, "text_faint"),
        (of.Highlight, "selection"),
        (of.HighlightedText, "text"),
        (of.Link, "accent"),
        (of.LinkVisited, "accent"),
        (of.Accent, "accent"),
        (of.Light, "line_strong"),
        (of.Midlight, "line"),
        (of.Mid, "line"),
        (of.Dark, "sunk"),
        (of.Shadow, "sunk"),
    )
    for colour_role, role in pairs:
        made.setColor(colour_role, colours[role])
    for colour_role in (of.WindowText, of.Text, of.ButtonText):
        made.setColor(QPalette.ColorGroup.Disabled, colour_role, colours["text_faint"])
    return made


def set_kind(widget: QWidget, kind: str) -> None:
    """Give ``widget`` a kind of the sheet and restyle it where it is already shown."""
    if widget.property("kind") == kind:
        return
    widget.setProperty("kind", kind)
    repolish(widget)


def repolish(widget: QWidget) -> None:
    """Make the sheet look again at a widget whose dynamic properties changed."""
    style = widget.style()
    style.unpolish(widget)
    style.polish(widget)
    widget.update()
