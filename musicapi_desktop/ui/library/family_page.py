"""The family of a song as a tree: what it came from above, what came from it below. A click opens."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QSize, Qt, Signal, Slot
from PySide6.QtGui import QIcon
from PySide6.QtWidgets import QLabel, QTreeWidget, QTreeWidgetItem, QVBoxLayout, QWidget

from musicapi_desktop.ui.widgets.cover import cover_pixmap

if TYPE_CHECKING:
    from musicapi_desktop.presenters.kin import Kin

_COVER = 30
_ROW = 46
_ROLE = Qt.ItemDataRole.UserRole


class FamilyPage(QWidget):
    """``opened`` carries the Kin that was chosen."""

    opened = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._kin: tuple[Kin, ...] = ()
        self._none = QLabel(self.tr("No relatives yet. Extend, cover or sample this take, and they appear here."))
        self._none.setProperty("kind", "dim")
        self._none.setWordWrap(True)
        self._none.setContentsMargins(16, 12, 16, 0)
        self.tree = QTreeWidget()
        self.tree.setProperty("kind", "plain")
        self.tree.setHeaderHidden(True)
        self.tree.setRootIsDecorated(False)
        self.tree.setItemsExpandable(False)
        self.tree.setIndentation(16)
        self.tree.viewport().setAutoFillBackground(False)
        self.tree.setIconSize(QSize(_COVER, _COVER))
        self.tree.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.tree.setTextElideMode(Qt.TextElideMode.ElideRight)
        self.tree.setAccessibleName(self.tr("Family of this song"))
        self.tree.itemClicked.connect(self._open)
        self.tree.itemActivated.connect(self._open)
        box = QVBoxLayout(self)
        box.setContentsMargins(8, 8, 8, 8)
        box.addWidget(self._none)
        box.addWidget(self.tree, 1)
        box.addStretch(0)
        self.show_family(())

    def show_family(self, kin: tuple[Kin, ...]) -> None:
        """Show the tree."""
        self._none.setVisible(not kin)
        self.tree.setVisible(bool(kin))
        if kin == self._kin:
            return
        self._kin = kin
        self.tree.clear()
        above: list[QTreeWidgetItem] = []
        for row in kin:
            item = self._item(row)
            del above[row.depth :]
            if above:
                above[-1].addChild(item)
            else:
                self.tree.addTopLevelItem(item)
            above.append(item)
            if row.current:
                self.tree.setCurrentItem(item)
        self.tree.expandAll()

    def _item(self, kin: Kin) -> QTreeWidgetItem:
        item = QTreeWidgetItem([f"{kin.title}\n{kin.line}" if kin.line else kin.title])
        item.setData(0, _ROLE, kin)
        item.setSizeHint(0, QSize(0, _ROW))
        spoken = self.tr("{0}, shown now") if kin.current else "{0}"
        item.setData(0, Qt.ItemDataRole.AccessibleTextRole, spoken.format(f"{kin.title}, {kin.line}"))
        if kin.song_id:
            item.setIcon(0, QIcon(cover_pixmap(kin.song_id, _COVER, 6, self.devicePixelRatioF())))
        if kin.current:
            font = item.font(0)
            font.setBold(True)
            item.setFont(0, font)
        return item

    @Slot(QTreeWidgetItem, int)
    def _open(self, item: QTreeWidgetItem, _column: int) -> None:
        kin: Kin = item.data(0, _ROLE)
        if not kin.current:
            self.opened.emit(kin)
