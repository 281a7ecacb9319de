"""The balance of a strip: −100 is left, 100 is right; double-click centres."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from .even_slider import EvenSlider

_FULL = 100


class Balance(EvenSlider):
    """A stereo balance. ``balance`` is −1 … 1; the slider's value is in hundredths."""

    balance_edited = Signal(float)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("", (-_FULL, _FULL), 0, parent)
        self.setSingleStep(5)
        self.setPageStep(25)
        self.set_title(self.tr("Balance"))

    @property
    def balance(self) -> float:
        """Left −1, centre 0, right 1."""
        return self.value() / _FULL

    def set_balance(self, balance: float) -> None:
        """Show a balance the program set."""
        self.show_value(round(balance * _FULL))

    def changed(self) -> None:
        """The hand moved it."""
        super().changed()
        self.balance_edited.emit(self.balance)

    def value_words(self) -> str:
        """``centre``, ``30 left``."""
        if self.value() == 0:
            return self.tr("centre")
        words = self.tr("{percent} left") if self.value() < 0 else self.tr("{percent} right")
        return words.format(percent=abs(self.value()))
