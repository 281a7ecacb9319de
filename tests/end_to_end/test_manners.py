"""The whole program on a session bus: a finished song is told, played from the notification, and shown as playing."""

from __future__ import annotations

import shutil
import sys

import pytest
from fakes.session_bus import private_bus, services
from fakes.window import BAND, opened

from musicapi_desktop.app.links import follow
from musicapi_desktop.app.manners import Manners
from musicapi_desktop.ui.window_state import Area

pytestmark = pytest.mark.skipif(shutil.which("dbus-daemon") is None, reason="dbus-daemon is not installed")


@pytest.fixture
def visit(qapp, tmp_path, monkeypatch):
    """The program with a quick composer, on a session bus of its own."""
    with private_bus(monkeypatch), opened(qapp, tmp_path, maker=BAND) as visit:
        yield visit


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="the session bus is Linux'")
def test_a_finished_song_is_told_and_played_from_the_notification(visit, monkeypatch):
    with services() as service:
        daemon = service("org.freedesktop.Notifications", {"Notify": ("u", (1,))})
        power = service("org.freedesktop.PowerManagement", {"Inhibit": ("u", (9,)), "UnInhibit": ("", ())})
        visit.until("the system's manners", lambda: visit.desk.findChild(Manners) is not None)
        manners = visit.desk.findChild(Manners)
        visit.until("the bus", lambda: manners._bus is not None)
        visit.describe("a quiet song")
        visit.press_create()
        # the person looks at another window
        monkeypatch.setattr(visit.window, "isActiveWindow", lambda: False)
        visit.ended()
        visit.until("the notification", lambda: bool(daemon.calls))
        song = visit.songs()[0]
        _, body = daemon.calls[0]
        assert body[3] == f"{song.title} is ready"
        where = ("/org/freedesktop/Notifications", "org.freedesktop.Notifications", "ActionInvoked", "us")
        visit.until("the answer", lambda: bool(manners._notices._told))
        daemon.signal(*where, (1, "play"))
        visit.until("the sound", lambda: visit.presenters.player.state.playing)
        assert visit.presenters.player.state.song_id == song.id
        visit.until("sleep held off", lambda: manners._awake.held)
        assert power.calls[-1] == ("Inhibit", ("MusicAPI Desktop", "Playing a song"))
        visit.presenters.player.pause()
        visit.until("sleep let go", lambda: power.calls[-1] == ("UnInhibit", (9,)))
        assert len(daemon.calls) == 1


def test_links_lead_to_places_and_do_nothing_else(visit):
    follow(visit.desk, ["musicapi://queue"])
    assert visit.window.area() is Area.QUEUE
    assert follow(visit.desk, ["musicapi://new", "/music/a.wav", "MusicAPI:nonsense/?x"]) == ["/music/a.wav"]
    assert visit.window.area() is Area.LIBRARY
    assert visit.jobs() == ()
