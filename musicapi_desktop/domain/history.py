"""Undo and redo of one immutable value, a drag merged to one step."""

from __future__ import annotations

from typing import Generic, TypeVar

T = TypeVar("T")

_MOST = 500
"""Steps kept; older ones are forgotten."""


class History(Generic[T]):
    """The value now, and the ways back and forth. Changes under one ``key`` merge until ``seal``."""

    def __init__(self, value: T) -> None:
        self._value = value
        self._past: list[T] = []
        self._future: list[T] = []
        self._key: object = None

    @property
    def value(self) -> T:
        """The value now."""
        return self._value

    @property
    def can_undo(self) -> bool:
        """True where there is a step back."""
        return bool(self._past)

    @property
    def can_redo(self) -> bool:
        """True where an undone step can be made again."""
        return bool(self._future)

    def change(self, value: T, key: object = None) -> None:
        """Step to ``value``. Under the ``key`` of the change before, and not sealed, it is the same step."""
        if value == self._value:
            return
        if key is None or key != self._key:
            self._past.append(self._value)
            del self._past[:-_MOST]
        self._key = key
        self._value = value
        self._future.clear()

    def seal(self) -> None:
        """End a drag: the next change is a step of its own."""
        self._key = None

    def undo(self) -> T:
        """Step back; stays where it is at the start."""
        if self._past:
            self._future.append(self._value)
            self._value = self._past.pop()
        self.seal()
        return self._value

    def redo(self) -> T:
        """Step forth; stays where it is at the end."""
        if self._future:
            self._past.append(self._value)
            self._value = self._future.pop()
        self.seal()
        return self._value
