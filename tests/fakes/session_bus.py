"""A session bus of its own, and programs on it that answer."""

from __future__ import annotations

import subprocess
import threading
from contextlib import ExitStack, contextmanager

from jeepney import (
    DBusAddress,
    HeaderFields,
    MessageType,
    message_bus,
    new_error,
    new_method_call,
    new_method_return,
    new_signal,
)
from jeepney.io.blocking import open_dbus_connection


@contextmanager
def private_bus(monkeypatch):
    """Yield the address of a private bus; it is in the environment too."""
    command = ["dbus-daemon", "--session", "--nofork", "--print-address=1"]
    daemon = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
    address = daemon.stdout.readline().strip()
    monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", address)
    try:
        yield address
    finally:
        daemon.terminate()
        daemon.wait(10)
        daemon.stdout.close()


@contextmanager
def services():
    """Yield a function that puts a Service on the bus; they leave it in the end."""
    with ExitStack() as made:

        def make(name, answers):
            service = Service(name, answers)
            made.callback(service.close)
            return service

        yield make


class Service:
    """A program on the bus that answers calls with ``answers`` (member: (signature, body)) and remembers them.

    What is not in ``answers``, or None there, it does not know.
    """

    def __init__(self, name, answers):
        self.calls = []
        self._answers = answers
        self._connection = open_dbus_connection("SESSION")
        self._connection.send_and_get_reply(message_bus.RequestName(name, 0), timeout=5)
        self._thread = threading.Thread(target=self._serve)
        self._thread.start()

    def signal(self, path, interface, member, signature, body):
        self._connection.send(new_signal(DBusAddress(path, interface=interface), member, signature, body))

    def close(self):
        with open_dbus_connection("SESSION") as other:
            other.send(new_method_call(DBusAddress("/", bus_name=self._connection.unique_name), "End"))
            self._thread.join(10)
        self._connection.close()

    def _serve(self):
        while True:
            message = self._connection.receive()
            if message.header.message_type is not MessageType.method_call:
                continue
            member = message.header.fields[HeaderFields.member]
            if member == "End":
                return
            self.calls.append((member, tuple(message.body)))
            answer = self._answers.get(member)
            unknown = "org.freedesktop.DBus.Error.UnknownMethod"
            self._connection.send(new_method_return(message, *answer) if answer else new_error(message, unknown))
