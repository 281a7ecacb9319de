"""What stands above and below a field: its name, a count of characters, and what is wrong."""

from __future__ import annotations

from PySide6.QtWidgets import QHBoxLayout, QLabel, QSizePolicy, QWidget

from musicapi_desktop.ui.theme import fonts
from musicapi_desktop.ui.theme.theme import set_kind

_NEAR = 0.9
"""From this part of the limit on the count is amber."""


class FieldHead(QWidget):
    """The name of a field on the left, ``used / limit`` on the right."""

    def __init__(self, name: str, field: QWidget | None = None, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._name = QLabel(name)
        self._name.setProperty("kind", "field")
        if field is not None:
            self._name.setBuddy(field)
        self._count = QLabel()
        self._count.setProperty("kind", "caption")
        self._count.setFont(fonts.font("small", tabular=True))
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(0, 0, 0, 0)
        self._row.addWidget(self._name)
        self._row.addStretch(1)
        self._row.addWidget(self._count)

    def add_action(self, button: QWidget) -> None:
        """Put a button that helps with the field before the count."""
        self._row.insertWidget(2, button)

    def set_name(self, name: str) -> None:
        """Rename the field."""
        self._name.setText(name)

    def set_count(self, used: int, limit: int) -> None:
        """Show how much of the limit is used: amber from 90 %, red past it."""
        self._count.setText(f"{used:,} / {limit:,}")
        self._count.setAccessibleName(self.tr("{0} of {1} characters").format(used, limit))
        set_kind(self._count, "error" if used > limit else "warn" if used >= limit * _NEAR else "caption")

    def show_count(self, on: bool) -> None:
        """Show the count, or leave it out while it says nothing of use."""
        self._count.setVisible(on)


class FieldNote(QLabel):
    """A sentence below a field: what is wrong, or what looks wrong. Takes no room while there is nothing to say."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWordWrap(True)
        self.setProperty("kind", "error")
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
        self.hide()

    def say(self, problem: str, warning: str = "") -> None:
        """Show the problem, or else the warning, or nothing."""
        self.setText(problem or warning)
        self.setAccessibleName(problem or warning)
        set_kind(self, "error" if problem else "warn")
        self.setVisible(bool(problem or warning))


def heading(text: str, kind: str = "heading") -> QLabel:
    """A label of a kind of the sheet."""
    label = QLabel(text)
    label.setProperty("kind", kind)
    return label
