"""A field for a secret: hidden while it is typed, shown while the eye is pressed in."""

from __future__ import annotations

from PySide6.QtCore import QSize, Slot
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QPushButton, QWidget

from musicapi_desktop.ui.theme.icons import icon


class SecretField(QWidget):
    """One line. ``name`` is what it holds, ``peek_name`` the name of the eye."""

    def __init__(self, name: str, peek_name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.line = QLineEdit()
        self.line.setEchoMode(QLineEdit.EchoMode.Password)
        self.line.setAccessibleName(name)
        self.peek = QPushButton(icon("eye", "text_dim", "accent"), "")
        self.peek.setProperty("kind", "icon")
        self.peek.setIconSize(QSize(16, 16))
        self.peek.setCheckable(True)
        self.peek.setAutoDefault(False)
        self.peek.setAccessibleName(peek_name)
        self.peek.toggled.connect(self._peek)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(6)
        row.addWidget(self.line, 1)
        row.addWidget(self.peek)
        self.setFocusProxy(self.line)

    def forget(self) -> None:
        """Empty the field, and hide what is typed next."""
        self.line.clear()
        self.peek.setChecked(False)

    @Slot(bool)
    def _peek(self, on: bool) -> None:
        self.line.setEchoMode(QLineEdit.EchoMode.Normal if on else QLineEdit.EchoMode.Password)
