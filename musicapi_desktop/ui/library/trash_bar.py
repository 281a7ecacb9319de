"""What can be done in the trash, said where it can be seen."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QPushButton, QWidget

from musicapi_desktop.ui.widgets.elided import ElidedLabel


class TrashBar(QFrame):
    """Shown above the table while it shows the trash."""

    restore_pressed = Signal()
    delete_pressed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("kind", "head")
        said = ElidedLabel(self.tr("Kept here until you delete it."))
        said.setProperty("kind", "caption")
        self._restore = QPushButton(self.tr("Restore"))
        self._restore.setProperty("kind", "plain")
        self._delete = QPushButton(self.tr("Delete for good…"))
        self._delete.setProperty("kind", "danger")
        row = QHBoxLayout(self)
        row.setContentsMargins(16, 8, 16, 8)
        row.setSpacing(8)
        row.addWidget(said, 1)
        row.addWidget(self._restore)
        row.addWidget(self._delete)
        self._restore.clicked.connect(self.restore_pressed)
        self._delete.clicked.connect(self.delete_pressed)
        self.set_chosen(0)

    def set_chosen(self, count: int) -> None:
        """Offer the buttons once something is chosen."""
        self._restore.setEnabled(count > 0)
        self._delete.setEnabled(count > 0)
