"""One instance per library: the lock, taken before anything is painted; what listens is loaded later."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QLockFile, QObject, Signal

if TYPE_CHECKING:
    from .doorbell import Doorbell


class Instance(QObject):
    """Holds the library's lock. ``raised`` carries the files and links (list of str) of a second start."""

    raised = Signal(list)

    def __init__(self, data: Path, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._data = data
        self._bell: Doorbell | None = None
        self._lock = QLockFile(str(data / "app.lock"))
        # a lock of a killed process is found by its process id, not by its age
        self._lock.setStaleLockTime(0)

    def first(self) -> bool:
        """True where this is the only instance of this library."""
        return self._lock.tryLock(0)

    def listen(self) -> None:
        """Hear of later starts from now on."""
        from .doorbell import Doorbell

        self._bell = Doorbell(self._data, self)
        self._bell.rung.connect(self.raised)

    def hand_over(self, files: tuple[str, ...]) -> bool:
        """Give ``files`` and links to the first instance and raise its window; False where it does not answer."""
        from .doorbell import ring

        return ring(self._data, files)

    def release(self) -> None:
        """Let another instance have the library."""
        if self._bell is not None:
            self._bell.close()
        self._lock.unlock()
