"""The whole program on a session bus: a finished song is told, played from the notification, and shown as playing."""

from __future__ import annotations

import shutil
import sys

import pytest
from fakes.session_bus import private_bus, services
from fakes.window import BAND, opened
from PySide6.QtWidgets import QApplication

from musicapi_desktop.app.links import follow
from musicapi_desktop.app.manners import Manners
from musicapi_desktop.bridge.desktop.appearance import PORTAL
from musicapi_desktop.ui.theme import theme
from musicapi_desktop.ui.theme.tokens import tokens
from musicapi_desktop.ui.window_state import Area

pytestmark = [
    pytest.mark.skipif(shutil.which("dbus-daemon") is None, reason="dbus-daemon is not installed"),
    pytest.mark.qt_log_ignore("This plugin does not support", extend=True),
]


@pytest.fixture
def visit(qapp, tmp_path, monkeypatch):
    """The program with a quick composer, on a session bus of its own."""
    with private_bus(monkeypatch), opened(qapp, tmp_path, maker=BAND) as visit:
        yield visit


def manners_of(visit):
    """The window's manners, once they are on the bus."""
    manners = visit.desk.findChild(Manners)
    return manners if manners is not None and manners._bus is not None else None


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


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="the session bus is Linux'")
def test_the_window_follows_the_desktops_light_and_dark_while_it_is_open(visit):
    """A stand-in for the portal says light, then dark; what the person chose in the settings wins over both."""
    visit.window.show()
    with services() as service:
        portal = service(PORTAL.name, {"ReadOne": ("v", (("u", 2),))})
        where = (PORTAL.path, PORTAL.interface, "SettingChanged", "ssv")
        look = theme.current()
        look.apply(QApplication.instance(), theme.SYSTEM)

        def shown(scheme):
            edge = visit.window.grab().toImage().pixelColor(4, visit.window.height() // 2)
            return edge.name() == tokens().scheme(scheme)["sunk"]

        visit.until("the bus", lambda: manners_of(visit) is not None)
        portal.signal(*where, ("org.freedesktop.appearance", "color-scheme", ("u", 2)))
        visit.until("light", lambda: shown("light"))
        portal.signal(*where, ("org.freedesktop.appearance", "color-scheme", ("u", 1)))
        visit.until("dark", lambda: shown("dark"))
        visit.desk.looked.emit(theme.LIGHT)
        visit.until("the person's own choice", lambda: shown("light"))
        portal.signal(*where, ("org.freedesktop.appearance", "color-scheme", ("u", 1)))
        visit.desk.looked.emit(theme.SYSTEM)
        visit.until("the system again", lambda: shown("dark"))
        look.hear("")


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="the session bus is Linux'")
def test_sleep_is_held_off_while_songs_are_fetched_and_show_leads_to_the_song(visit, monkeypatch):
    with services() as service:
        daemon = service("org.freedesktop.Notifications", {"Notify": ("u", (3,))})
        power = service("org.freedesktop.PowerManagement", {"Inhibit": ("u", (9,)), "UnInhibit": ("", ())})
        visit.until("the bus", lambda: manners_of(visit) is not None)
        manners = manners_of(visit)
        visit.describe("a quiet song")
        visit.press_create()
        monkeypatch.setattr(visit.window, "isActiveWindow", lambda: False)
        visit.ended()
        visit.until("sleep let go", lambda: [call[0] for call in power.calls][-1:] == ["UnInhibit"])
        assert ("Inhibit", ("MusicAPI Desktop", "Fetching songs")) in power.calls
        assert not manners._awake.held
        visit.until("the notification", lambda: bool(manners._notices._told))
        visit.window.show_area(Area.QUEUE)
        visit.window.showMinimized()
        where = ("/org/freedesktop/Notifications", "org.freedesktop.Notifications", "ActionInvoked", "us")
        daemon.signal(*where, (3, "show"))
        visit.until("the library", lambda: visit.window.area() is Area.LIBRARY)
        assert not visit.window.isMinimized()
        assert not visit.presenters.player.state.playing
