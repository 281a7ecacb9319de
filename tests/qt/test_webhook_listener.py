"""The port webhooks come in at: real connections, bounded in number, size and time; real threads that end."""

from __future__ import annotations

import http.client
import socket
import threading
import time
from http import HTTPStatus

import pytest

from musicapi_desktop.app.outside import LateListener
from musicapi_desktop.bridge.webhook_listener import MOST_AT_ONCE, MOST_BYTES, WebhookListener
from musicapi_desktop.services.webhooks import Told


@pytest.fixture
def heard():
    return []


@pytest.fixture
def listener(heard):
    def receive(delivery):
        heard.append(delivery)
        return Told(HTTPStatus.OK, "taken")

    made = WebhookListener(receive, altogether=1.0)
    made.start(0)
    yield made
    made.stop()


def send(port, method="POST", body: bytes | None = b"{}", headers=None):
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    connection.request(method, "/any/path", body, headers or {})
    answer = connection.getresponse()
    answer.read()
    connection.close()
    return answer


def test_a_delivery_is_handed_on_as_it_came(listener, heard):
    answer = send(listener.port, body=b'{"a": 1}', headers={"X-Webhook-Id": "e1"})
    assert answer.status == 200
    assert "Python" not in answer.headers["Server"]
    assert heard[0].body == b'{"a": 1}'
    assert heard[0].headers["x-webhook-id"] == "e1"


def test_only_this_computer_is_listened_to(listener):
    assert listener._server.server_address[0] == "127.0.0.1"


@pytest.mark.parametrize(
    ("method", "headers", "body", "status"),
    [
        ("GET", {}, None, 405),
        ("PUT", {}, b"{}", 501),
        ("POST", {"Transfer-Encoding": "chunked"}, None, 411),
        ("POST", {"Content-Length": "-1"}, None, 411),
        ("POST", {"Content-Length": str(MOST_BYTES + 1)}, None, 413),
        ("POST", {"Content-Length": "9" * 40}, None, 413),
    ],
)
def test_what_is_no_delivery_is_refused_unread(listener, heard, method, headers, body, status):
    connection = http.client.HTTPConnection("127.0.0.1", listener.port, timeout=10)
    connection.putrequest(method, "/")
    for name, value in headers.items():
        connection.putheader(name, value)
    if body is not None:
        connection.putheader("Content-Length", str(len(body)))
    connection.endheaders(body)
    assert connection.getresponse().status == status
    connection.close()
    assert heard == []


def test_slow_clients_are_cut_and_hold_nobody_up(listener, heard):
    began = time.monotonic()
    slow = [socket.create_connection(("127.0.0.1", listener.port)) for _ in range(MOST_AT_ONCE - 1)]
    for each in slow:
        each.sendall(b"POST / HTTP/1.1\r\nContent-Length: 10\r\n\r\n12")
    assert send(listener.port).status == 200
    for each in slow:
        each.settimeout(10)
        assert b" 200 " not in each.recv(1000)
        each.close()
    assert time.monotonic() - began < 8
    assert len(heard) == 1


def test_more_connections_than_there_is_room_for_are_turned_away(listener, heard):
    slow = [socket.create_connection(("127.0.0.1", listener.port)) for _ in range(MOST_AT_ONCE)]
    for each in slow:
        each.sendall(b"POST")
    late = socket.create_connection(("127.0.0.1", listener.port))
    late.settimeout(10)
    late.sendall(b"POST / HTTP/1.1\r\nContent-Length: 0\r\n\r\n")
    try:
        said = late.recv(100)
    except ConnectionResetError:
        said = b""
    assert said == b""
    for each in (*slow, late):
        each.close()


def test_a_taken_port_is_told_and_the_one_before_is_kept(listener):
    port = listener.port
    with socket.create_server(("127.0.0.1", 0)) as other, pytest.raises(OSError, match="in use"):
        listener.start(other.getsockname()[1])
    assert listener.port == port
    assert send(port).status == 200


def test_another_port_takes_over_and_stop_leaves_no_thread(listener):
    first = listener.port
    with socket.create_server(("127.0.0.1", 0)) as other:
        free = other.getsockname()[1]
    listener.start(free)
    assert send(free).status == 200
    with pytest.raises(ConnectionRefusedError):
        send(first)
    listener.stop()
    listener.stop()
    assert listener.port is None
    assert "webhooks" not in {thread.name for thread in threading.enumerate()}


def test_what_is_turned_on_while_the_app_leaves_is_not_listened_at():
    late = LateListener(lambda _delivery: Told(HTTPStatus.OK, ""))
    late.start(0)
    late.stop()
    late.start(0)
    assert [thread for thread in threading.enumerate() if thread.name == "webhooks"]
    late.close()
    late.start(0)
    assert not [thread for thread in threading.enumerate() if thread.name == "webhooks"]
