"""Media keys, notifications and staying awake on a private session bus, against playerctl and services of our own."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import threading

import pytest
from PySide6.QtCore import QObject

if not sys.platform.startswith("linux"):
    pytest.skip("the session bus is Linux'", allow_module_level=True)

from fakes.session_bus import private_bus, services
from jeepney import DBusAddress, MessageType, message_bus, new_method_call
from jeepney.io.blocking import open_dbus_connection

from musicapi_desktop.bridge.desktop.appearance import PORTAL, Appearance
from musicapi_desktop.bridge.desktop.bus import Address, Bus, open_session
from musicapi_desktop.bridge.desktop.mpris import NAME, PATH, Mpris, NowPlaying, decibels, linear
from musicapi_desktop.bridge.desktop.notices import Notices
from musicapi_desktop.bridge.desktop.wakefulness import Wakefulness

pytestmark = pytest.mark.skipif(shutil.which("dbus-daemon") is None, reason="dbus-daemon is not installed")
NEON = NowPlaying("song-1/take A", "Neon Rain", "Take A", "", 198.5, playing=True, volume=0.25)


@pytest.fixture
def session(monkeypatch):
    with private_bus(monkeypatch) as address:
        yield address


@pytest.fixture
def bus(qapp, session):
    opened = Bus(open_session())
    yield opened
    opened.close()


class Heard(QObject):
    """What was asked for, in order."""

    def __init__(self, mpris):
        super().__init__()
        self.all = []
        mpris.asked.connect(self.all.append)
        mpris.asked_number.connect(lambda name, number: self.all.append((name, round(number, 3))))
        mpris.opened.connect(self.all.append)


def playerctl(qtbot, *arguments):
    """Run playerctl while the event loop runs; return what it printed."""
    process = subprocess.Popen(
        ["playerctl", "-p", "musicapi_desktop", *arguments], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    qtbot.waitUntil(lambda: process.poll() is not None, timeout=10_000)
    out, err = process.communicate()
    assert not err, err
    return out.strip()


@pytest.fixture
def service(session):
    with services() as make:
        yield make


@pytest.mark.skipif(shutil.which("playerctl") is None, reason="playerctl is not installed")
class TestPlayerctl:
    def test_it_shows_what_plays(self, qtbot, bus):
        mpris = Mpris(bus, lambda: 72.5)
        mpris.show(NEON)
        said = playerctl(
            qtbot, "metadata", "--format", "{{status}}|{{title}}|{{album}}|{{mpris:length}}|{{position}}|{{volume}}"
        )
        status, title, album, length, position, volume = said.split("|")
        assert (status, title, album, length, volume) == ("Playing", "Neon Rain", "Take A", "198500000", "0.25")
        # playerctl counts on from what it was told
        assert 72.5 <= int(position) / 1e6 < 75

    @pytest.mark.parametrize(
        ("arguments", "asked"),
        [
            (["play"], ["play"]),
            (["pause"], ["pause"]),
            (["play-pause"], ["toggle"]),
            (["stop"], ["stop"]),
            (["next"], ["next"]),
            (["previous"], ["previous"]),
            (["volume", "0.5"], [("volume", 0.5)]),
            (["position", "30"], [("go", 30.0)]),
            (["position", "5-"], [("seek", -5.0)]),
            (["loop", "Track"], [("loop", 1.0)]),
            (["open", "musicapi://queue"], ["musicapi://queue"]),
        ],
    )
    def test_every_command_arrives(self, qtbot, bus, arguments, asked):
        mpris = Mpris(bus, lambda: 72.5)
        mpris.show(NEON)
        heard = Heard(mpris)
        playerctl(qtbot, *arguments)
        qtbot.waitUntil(lambda: bool(heard.all))
        assert heard.all == asked

    def test_it_follows_changes(self, qtbot, bus):
        mpris = Mpris(bus, lambda: 0.0)
        command = ["playerctl", "-p", "musicapi_desktop", "--follow", "metadata", "--format", "{{status}} {{title}}"]
        follower = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
        lines = []
        reader = threading.Thread(target=lambda: lines.extend(iter(follower.stdout.readline, "")))
        reader.start()
        mpris.show(NEON)
        qtbot.waitUntil(lambda: "Playing Neon Rain\n" in lines, timeout=10_000)
        mpris.show(NowPlaying(NEON.track, "Neon Rain", seconds=198.5, playing=False))
        qtbot.waitUntil(lambda: "Paused Neon Rain\n" in lines, timeout=10_000)
        follower.terminate()
        reader.join(10)
        follower.wait(10)
        follower.stdout.close()


def test_another_programs_nonsense_is_refused_and_nothing_happens(qtbot, bus):
    mpris = Mpris(bus, lambda: 0.0)
    mpris.show(NEON)
    heard = Heard(mpris)
    replies = []

    def ask():
        with open_dbus_connection("SESSION") as other:
            for interface, member, signature, body in (
                ("org.mpris.MediaPlayer2.Player", "Explode", "", ()),
                ("org.freedesktop.DBus.Properties", "Get", "ss", ("org.mpris.MediaPlayer2.Player", "Nothing")),
                (
                    "org.freedesktop.DBus.Properties",
                    "Set",
                    "ssv",
                    ("org.mpris.MediaPlayer2.Player", "Volume", ("s", "x")),
                ),
                ("org.mpris.MediaPlayer2.Player", "Seek", "", ()),
            ):
                call = new_method_call(DBusAddress(PATH, NAME, interface), member, signature or None, body)
                replies.append(other.send_and_get_reply(call, timeout=5).header.message_type)

    asking = threading.Thread(target=ask)
    asking.start()
    qtbot.waitUntil(lambda: len(replies) == 4, timeout=10_000)
    asking.join()
    assert set(replies) == {MessageType.error}
    assert heard.all == []


def test_play_and_show_of_a_notification_name_the_song(qtbot, bus, service):
    daemon = service("org.freedesktop.Notifications", {"Notify": ("u", (7,))})
    notices = Notices(bus)
    notices.tell("song-1", "Neon Rain is ready", "Two takes, 3:18")
    qtbot.waitUntil(lambda: bool(daemon.calls))
    member, body = daemon.calls[0]
    assert member == "Notify"
    assert body[3:5] == ("Neon Rain is ready", "Two takes, 3:18")
    assert body[5][::2] == ["play", "default", "show"]
    qtbot.waitUntil(lambda: bool(notices._told))
    where = ("/org/freedesktop/Notifications", "org.freedesktop.Notifications", "ActionInvoked", "us")
    with qtbot.waitSignal(notices.play_asked) as played:
        daemon.signal(*where, (7, "play"))
    with qtbot.waitSignal(notices.show_asked) as shown:
        daemon.signal(*where, (7, "default"))
    assert (played.args, shown.args) == (["song-1"], ["song-1"])


def test_sleep_is_held_off_only_while_it_is_wanted(qtbot, bus, service):
    manager = service("org.freedesktop.PowerManagement", {"Inhibit": ("u", (41,)), "UnInhibit": ("", ())})
    awake = Wakefulness(bus)
    awake.set(True, "Playing a song")
    qtbot.waitUntil(lambda: awake.held)
    awake.set(True, "Playing a song")
    awake.set(False)
    qtbot.waitUntil(lambda: len(manager.calls) == 2)
    assert manager.calls == [("Inhibit", ("MusicAPI Desktop", "Playing a song")), ("UnInhibit", (41,))]


def test_sleep_let_go_before_the_answer_came_is_let_go(qtbot, bus, service):
    manager = service("org.freedesktop.ScreenSaver", {"Inhibit": ("u", (5,)), "UnInhibit": ("", ())})
    awake = Wakefulness(bus)
    awake.set(True, "Playing a song")
    awake.set(False)
    qtbot.waitUntil(lambda: ("UnInhibit", (5,)) in manager.calls)
    assert not awake.held


def test_sleep_is_held_off_through_the_portal_where_there_is_one(qtbot, bus, service):
    request = "/org/freedesktop/portal/desktop/request/1_1/a"
    portal = service("org.freedesktop.portal.Desktop", {"Inhibit": ("o", (request,)), "Close": ("", ())})
    awake = Wakefulness(bus)
    awake.set(True, "Fetching songs")
    qtbot.waitUntil(lambda: awake.held)
    awake.set(False)
    qtbot.waitUntil(lambda: len(portal.calls) == 2)
    assert portal.calls == [("Inhibit", ("", 4, {"reason": ("s", "Fetching songs")})), ("Close", ())]


SCHEME = ("org.freedesktop.appearance", "color-scheme")


@pytest.mark.parametrize(
    "answers",
    [{"ReadOne": ("v", (("u", 2),))}, {"ReadOne": None, "Read": ("v", (("v", ("u", 2)),))}],
    ids=["portal", "old portal"],
)
def test_light_or_dark_is_asked_and_then_heard(qtbot, bus, service, answers):
    portal = service(PORTAL.name, answers)
    appearance, told = Appearance(bus), []
    appearance.told.connect(told.append)
    qtbot.waitUntil(lambda: told == ["light"])
    assert portal.calls[-1][1] == SCHEME
    where = (PORTAL.path, PORTAL.interface, "SettingChanged", "ssv")
    portal.signal(*where, ("org.freedesktop.appearance", "contrast", ("u", 1)))
    portal.signal(*where, (*SCHEME, ("s", "nonsense")))
    for number in (1, 0, 2, 9):
        portal.signal(*where, (*SCHEME, ("u", number)))
    qtbot.waitUntil(lambda: len(told) == 5)
    assert told == ["light", "dark", "", "light", ""]


def test_without_a_bus_there_is_no_session_and_no_error(monkeypatch):
    monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", "unix:path=/nonexistent/bus")
    assert open_session() is None


def test_a_bus_that_goes_away_takes_nothing_with_it(qtbot, qapp, session):
    bus = Bus(open_session())
    mpris = Mpris(bus, lambda: 0.0)
    refused = []
    bus.call(Address("org.example.Silent", "/", "org.example.Silent"), "Wait", "", (), refused.append)
    pid = open_dbus_connection("SESSION")
    owner = pid.send_and_get_reply(message_bus.GetConnectionUnixProcessID("org.freedesktop.DBus"), timeout=5).body[0]
    pid.close()
    os.kill(owner, signal.SIGKILL)
    qtbot.waitUntil(lambda: not bus.open)
    mpris.show(NEON)
    assert refused == [None]


@pytest.mark.parametrize("volume", [0.0, 0.1, 0.5, 1.0])
def test_levels_go_to_mpris_and_back(volume):
    assert linear(decibels(volume)) == pytest.approx(volume)
