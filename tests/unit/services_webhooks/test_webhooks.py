"""The receiver's rules: whose secret, once only, heard lately, and nothing of it on disk."""

from __future__ import annotations

import json

import pytest
from fakes.pump import Keys

from musicapi_desktop.domain.errors import InvalidRequest, KeyringError, Offline
from musicapi_desktop.services.webhooks import SILENCE, Ears, WebhookLost, Webhooks
from musicapi_desktop.services.webhooks_signed import Delivery, signature
from musicapi_desktop.settings.preferences import Preferences

URL = "https://tunnel.example/musicapi"


class Secrets(Keys):
    where_secret = Keys.where
    error = None

    def secret(self, name):
        if self.error:
            raise self.error
        return self.get(name)

    def set_secret(self, name, secret, *, session_only=False):
        if self.error and not session_only:
            raise self.error
        self.set(name, secret)


class Here:
    def __init__(self, folder):
        self.now = 1_770_000_000.0
        self.path = folder / "preferences.json"
        self.secrets = Secrets()
        self.webhooks = Webhooks(
            Preferences(self.path), self.secrets, Ears(lambda: self.now), lambda: self.now, self.deliver
        )
        self.taken = []
        self.tunnel = "here"
        self.webhooks.hand = lambda profile_id, event: self.taken.append((profile_id, event.task_id, event.kind))

    def deliver(self, url, headers, body):
        """The tunnel: it leads here, or elsewhere, or nowhere."""
        self.sent = url
        if isinstance(self.tunnel, Exception):
            raise self.tunnel
        if self.tunnel == "here":
            lower = {name.lower(): value for name, value in headers.items()}
            return int(self.webhooks.receive(Delivery(lower, body)).status)
        return 200

    def send(self, secret, event_id="e1", kind="song.completed", task_id="t1", **more):
        body = json.dumps({"task_id": task_id, "platform": "suno", "event": kind, **more}).encode()
        stamp = str(int(self.now))
        headers = {
            "x-webhook-id": event_id,
            "x-webhook-timestamp": stamp,
            "x-webhook-signature": f"sha256={signature(secret, body, stamp)}",
        }
        return self.webhooks.receive(Delivery(headers, body)).status


@pytest.fixture
def here(tmp_path):
    return Here(tmp_path)


def test_off_by_default_nothing_is_asked_for_and_nothing_is_taken(here):
    assert here.webhooks.fields("p1") == {}
    assert here.send("anything") == 401
    assert here.taken == []


def test_on_the_address_and_a_secret_made_here_go_with_the_request(here):
    here.webhooks.turn_on("p1", URL)
    fields = here.webhooks.fields("p1")
    assert fields["webhook_url"] == URL
    assert len(fields["webhook_secret"]) >= 40
    assert fields["webhook_secret"] not in here.path.read_text()
    assert here.webhooks.fields("p2") == {}


def test_the_profile_is_told_by_its_secret(here):
    here.webhooks.turn_on("p1", URL, "first-secret")
    here.webhooks.turn_on("p2", URL, "second-secret")
    assert here.send("second-secret", task_id="t2") == 200
    assert here.send("third-secret", task_id="t3") == 401
    assert here.taken == [("p2", "t2", "song.completed")]


def test_an_event_is_taken_once_by_its_id_and_by_what_it_says(here):
    here.webhooks.turn_on("p1", URL, "secret")
    assert here.send("secret", "e1") == 200
    assert here.send("secret", "e1", kind="song.failed") == 200
    assert here.send("secret", "e2") == 200
    assert here.send("secret", "e3", kind="song.streaming") == 200
    assert [kind for _, _, kind in here.taken] == ["song.completed", "song.streaming"]


def test_webhooks_are_heard_until_they_fall_silent(here):
    here.webhooks.turn_on("p1", URL, "secret")
    assert not here.webhooks.hears("p1")
    here.send("secret")
    here.now += SILENCE - 1
    assert here.webhooks.hears("p1")
    here.now += 1
    assert not here.webhooks.hears("p1")
    here.send("secret", "e2", task_id="t2")
    here.webhooks.turn_off("p1")
    assert not here.webhooks.hears("p1")
    assert here.secrets.kept == {}
    assert here.send("secret", "e9", task_id="t9") == 401


def test_an_old_time_is_refused_and_a_body_without_a_task_too(here):
    here.webhooks.turn_on("p1", URL, "secret")
    body = b'{"event":"song.completed"}'
    stamp = str(int(here.now))
    headers = {"x-webhook-timestamp": stamp, "x-webhook-signature": signature("secret", body, stamp)}
    assert here.webhooks.receive(Delivery(headers, body)).status == 400
    here.now += 301
    assert here.webhooks.receive(Delivery(headers, body)).status == 401


@pytest.mark.parametrize(
    "url", ["", "ftp://x.example", "http://tunnel.example", "https://a b", "https://u:p@x.example"]
)
def test_an_address_the_service_would_not_send_to_is_refused(here, url):
    with pytest.raises(InvalidRequest) as refused:
        here.webhooks.turn_on("p1", url)
    assert "url" in refused.value.problems
    assert here.webhooks.addresses() == {}


def test_a_locked_keyring_costs_no_request(here):
    here.webhooks.turn_on("p1", URL, "secret")
    again = Webhooks(Preferences(here.path), here.secrets, Ears(lambda: here.now), lambda: here.now, here.deliver)
    here.secrets.error = KeyringError("The system keyring is locked.", "Unlock it and try again.")
    assert again.fields("p1") == {}
    with pytest.raises(KeyringError):
        here.webhooks.turn_on("p2", URL)


def test_a_test_goes_out_through_the_tunnel_and_comes_in_here(here):
    here.webhooks.turn_on("p1", URL, "secret")
    here.webhooks.test("p1")
    assert here.sent == URL
    assert here.taken == []


@pytest.mark.parametrize(
    ("tunnel", "words"),
    [("elsewhere", "something else answered"), (Offline("tunnel.example cannot be reached."), "reached")],
)
def test_a_tunnel_that_does_not_lead_here_is_told(here, tunnel, words):
    here.webhooks.turn_on("p1", URL, "secret")
    here.tunnel = tunnel
    with pytest.raises(WebhookLost, match=words) as lost:
        here.webhooks.test("p1")
    assert "127.0.0.1:8766" in lost.value.hint


def test_the_memory_of_what_came_is_bounded(here):
    ears = Ears(lambda: here.now)
    here.webhooks = Webhooks(Preferences(here.path), here.secrets, ears, lambda: here.now, here.deliver)
    here.webhooks.turn_on("p1", URL, "secret")
    for number in range(3000):
        here.send("secret", f"e{number}", task_id=f"t{number}")
    assert len(ears._seen) <= 4096
