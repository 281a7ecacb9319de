"""How a second start reaches the first: a socket of this person's, named after the library."""

from __future__ import annotations

import contextlib
import hashlib
import json
from pathlib import Path
from typing import cast

from PySide6.QtCore import QDeadlineTimer, QObject, QThread, Signal, Slot
from PySide6.QtNetwork import QLocalServer, QLocalSocket

from .links import is_link

_PATIENCE_MS = 1500
_AGAIN_MS = 40


def name_of(data: Path) -> str:
    """The socket's name for a library."""
    return "musicapi-desktop-" + hashlib.sha256(str(data).encode()).hexdigest()[:16]


def ring(data: Path, files: tuple[str, ...]) -> bool:
    """Give ``files`` and links to the first instance and raise its window; False where it does not answer."""
    socket = QLocalSocket()
    deadline = QDeadlineTimer(_PATIENCE_MS)
    socket.connectToServer(name_of(data))
    while not socket.waitForConnected(_AGAIN_MS):
        if deadline.hasExpired():
            return False
        # the first one holds the lock before it listens
        QThread.msleep(_AGAIN_MS)
        socket.connectToServer(name_of(data))
    given = [f if is_link(f) else str(Path(f).absolute()) for f in files]
    socket.write(json.dumps(given).encode() + b"\n")
    written = socket.waitForBytesWritten(_PATIENCE_MS)
    socket.disconnectFromServer()
    return written


class Doorbell(QObject):
    """Listens for later starts. ``rung`` carries what they were given (list of str)."""

    rung = Signal(list)

    def __init__(self, data: Path, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._server = QLocalServer(self)
        self._server.setSocketOptions(QLocalServer.SocketOption.UserAccessOption)
        self._server.newConnection.connect(self._greet)
        QLocalServer.removeServer(name_of(data))
        self._server.listen(name_of(data))

    def close(self) -> None:
        """Listen no more."""
        self._server.close()

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
        self.rung.emit([f for f in listed if isinstance(f, str)])
