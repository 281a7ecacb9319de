"""One connection to the session's D-Bus, read by the GUI thread when there is something to read.

The only file that knows jeepney, which has no types of its own: what crosses is plain values.
Not QtDBus: its Python binding cannot write 64-bit times into a dictionary (docs/decisions/0007-session-bus.md).
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, cast

from PySide6.QtCore import QObject, QSocketNotifier, Signal, Slot

log = logging.getLogger(__name__)

Body = tuple[object, ...]
Answer = Callable[[Body | None], object]
"""Gets the body of the answer, or None where the call was refused."""

_PATIENCE = 1.0
_SEND_PATIENCE = 0.2
_OWN_SERIALS = 1_000_000  # apart from the numbers that jeepney's own greeting has used


@dataclass(frozen=True, slots=True)
class Address:
    """An object's interface in another program."""

    name: str
    path: str
    interface: str


@dataclass(frozen=True, slots=True)
class Letter:
    """A call of one of our objects, or a signal of another program. ``raw`` is what an answer refers to."""

    path: str
    interface: str
    member: str
    body: Body
    raw: object


def open_session() -> object | None:
    """Connect to the session bus; None where there is none. Blocks for up to a second: call it off the GUI thread."""
    from jeepney.auth import AuthenticationError
    from jeepney.io.blocking import open_dbus_connection

    try:
        connection = open_dbus_connection("SESSION", auth_timeout=_PATIENCE)
    except (OSError, KeyError, ValueError, RuntimeError, AuthenticationError) as error:
        log.info("no session bus: %s", error)
        return None
    # a bus that does not read must not hold the window up
    connection.sock.settimeout(_SEND_PATIENCE)
    return connection


class Bus(QObject):
    """Calls, answers and signals on one connection (of ``open_session``). Lives on the GUI thread.

    ``called`` carries the Letter of a call of an object of ours, ``heard`` that of a signal that was subscribed to.
    """

    called = Signal(object)
    heard = Signal(object)

    def __init__(self, connection: object, parent: QObject | None = None) -> None:
        super().__init__(parent)
        import jeepney

        self._jeepney = cast("Any", jeepney)
        self._connection: Any = connection
        self._waiting: dict[int, Answer] = {}
        self._serial = _OWN_SERIALS
        self._notifier = QSocketNotifier(self._connection.sock.fileno(), QSocketNotifier.Type.Read, self)
        self._notifier.activated.connect(self._read)

    @property
    def open(self) -> bool:
        """False once the bus is gone."""
        return self._connection is not None

    def own(self, name: str) -> None:
        """Ask for a well-known name; where it is taken this waits in line for it."""
        self._send(self._jeepney.message_bus.RequestName(name, 0))

    def subscribe(self, path: str, interface: str) -> None:
        """Hear the signals of an interface."""
        rule = self._jeepney.MatchRule(type="signal", interface=interface, path=path)
        self._send(self._jeepney.message_bus.AddMatch(rule))

    def call(self, to: Address, method: str, signature: str, body: Body, answer: Answer | None = None) -> None:
        """Call a method of another program; ``answer`` gets what it says, None where it refuses or the bus is gone."""
        where = self._jeepney.DBusAddress(to.path, to.name, to.interface)
        self._send(self._jeepney.new_method_call(where, method, signature or None, body), answer)

    def reply(self, letter: Letter, signature: str, body: Body) -> None:
        """Answer a call."""
        self._send(self._jeepney.new_method_return(letter.raw, signature or None, body))

    def refuse(self, letter: Letter, error: str) -> None:
        """Answer a call with an error."""
        self._send(self._jeepney.new_error(letter.raw, f"org.freedesktop.DBus.Error.{error}"))

    def emit_signal(self, path: str, interface: str, member: str, signature: str, body: Body) -> None:
        """Tell everyone who listens to our object at ``path``."""
        where = self._jeepney.DBusAddress(path, interface=interface)
        self._send(self._jeepney.new_signal(where, member, signature, body))

    def close(self) -> None:
        """Leave the bus: names, subscriptions and inhibitors end with the connection. Safe to call twice."""
        connection, self._connection = self._connection, None
        if connection is not None:
            self._notifier.setEnabled(False)
            connection.close()
        waiting, self._waiting = self._waiting, {}
        for answer in waiting.values():
            answer(None)

    def _send(self, message: object, answer: Answer | None = None) -> None:
        if self._connection is None:
            if answer is not None:
                answer(None)
            return
        self._serial += 1
        if answer is not None:
            self._waiting[self._serial] = answer
        try:
            self._connection.send(message, serial=self._serial)
        except OSError as error:
            self._lost(error)

    @Slot()
    def _read(self) -> None:
        while self._connection is not None:
            try:
                message = self._connection.receive(timeout=0)
            except TimeoutError:
                return
            except (OSError, EOFError, RuntimeError) as error:
                self._lost(error)
                return
            self._sort(message)

    def _sort(self, received: object) -> None:
        kinds, field = self._jeepney.MessageType, self._jeepney.HeaderFields
        message = cast("Any", received)
        kind, fields = message.header.message_type, message.header.fields
        if kind in {kinds.method_call, kinds.signal}:
            path, interface, member = (str(fields.get(f, "")) for f in (field.path, field.interface, field.member))
            letter = Letter(path, interface, member, tuple(message.body), message)
            (self.called if kind is kinds.method_call else self.heard).emit(letter)
            return
        answer = self._waiting.pop(fields.get(field.reply_serial, -1), None)
        if answer is not None:
            answer(tuple(message.body) if kind is kinds.method_return else None)

    def _lost(self, error: Exception) -> None:
        log.info("the session bus is gone: %s", error)
        self.close()
