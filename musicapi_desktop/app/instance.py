"""One instance per library: a second start raises the first window and hands over its files."""

from __future__ import annotations

import contextlib
import hashlib
import json
from pathlib import Path
from typing import cast

from PySide6.QtCore import QLockFile, QObject, Signal, Slot
from PySide6.QtNetwork import QLocalServer, QLocalSocket

from .links import is_link

_PATIENCE_MS = 1500


class Instance(QObject):
    """Holds the library's lock. ``raised`` carries the files (list of str) of a second start."""

    raised = Signal(list)

    def __init__(self, data: Path, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._name = "musicapi-desktop-" + hashlib.sha256(str(data).encode()).hexdigest()[:16]
        self._lock = QLockFile(str(data / "app.lock"))
        # a lock of a killed process is found by its process id, not by its age
        self._lock.setStaleLockTime(0)
        self._server = QLocalServer(self)
        self._server.setSocketOptions(QLocalServer.SocketOption.UserAccessOption)
        self._server.newConnection.connect(self._greet)

    def first(self) -> bool:
        """True where this is the only instance of this library; it then listens for others."""
        if not self._lock.tryLock(0):
            return False
        QLocalServer.removeServer(self._name)
        self._server.listen(self._name)
        return True

    def hand_over(self, files: tuple[str, ...]) -> bool:
        """Give ``files`` and links to the first instance and raise its window; False where it does not answer."""
        socket = QLocalSocket()
        socket.connectToServer(self._name)
        if not socket.waitForConnected(_PATIENCE_MS):
            return False
        given = [f if is_link(f) else str(Path(f).absolute()) for f in files]
        socket.write(json.dumps(given).encode() + b"\n")
        written = socket.waitForBytesWritten(_PATIENCE_MS)
        socket.disconnectFromServer()
        return written

    def release(self) -> None:
        """Let another instance have the library."""
        self._server.close()
        self._lock.unlock()

    @Slot()
    def _greet(self) -> None:
        socket = self._server.nextPendingConnection()
        socket.readyRead.connect(self._read)
        socket.disconnected.connect(socket.deleteLater)
        if socket.canReadLine():
            self._take(socket)

    @Slot()
    def _read(self) -> None:
        socket = self.sender()
        if isinstance(socket, QLocalSocket) and socket.canReadLine():
            self._take(socket)

    def _take(self, socket: QLocalSocket) -> None:
        files: object = []
        with contextlib.suppress(ValueError):
            # another user of the socket talks nonsense: the window is still raised
            files = json.loads(bytes(socket.readLine().data()))
        listed = cast("list[object]", files) if isinstance(files, list) else []
        self.raised.emit([f for f in listed if isinstance(f, str)])
