"""Loops in the player bar, the ruler and the lanes: on the beat, or anywhere with Alt."""

from dataclasses import replace

import pytest
from fakes import playing as fake
from PySide6.QtCore import QEvent, QPointF, Qt
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QApplication

from musicapi_desktop.domain.beats import Beats
from musicapi_desktop.presenters.mixer import MixerPresenter
from musicapi_desktop.presenters.player import PlayerPresenter
from musicapi_desktop.ui.mixer.mixer_view import MixerView
from musicapi_desktop.ui.player.player_bar import PlayerBar

# the offscreen platform says so of every window
pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints", extend=True)

ALT, NONE = Qt.KeyboardModifier.AltModifier, Qt.KeyboardModifier.NoModifier
NO_BEATS = Beats()
BEAT = 60 / 112


class Room:
    def __init__(self, qtbot, bpm, beats=NO_BEATS):
        self.transport, calls, relay = fake.FakeTransport(), fake.FakeCalls(), fake.FakeRelay()
        self.transport.beats = beats
        self.player = PlayerPresenter(self.transport, fake.FakeLibrary(), calls, relay, fake.FakePreferences())
        mixer = MixerPresenter(
            self.player, self.transport, calls, relay, fake.FakeMemory(), fake.FakeSplitter(), fake.peaks
        )
        self.bar, self.view = PlayerBar(self.player), MixerView(mixer)
        for widget in (self.bar, self.view):
            qtbot.addWidget(widget)
            widget.resize(1376, 700)
            widget.show()
            qtbot.waitExposed(widget)
        song = fake.song(replace(fake.take("A"), bpm=bpm))
        self.player.open(song, song.takes[0])
        qtbot.waitUntil(lambda: self.bar.wave.width() > 200)

    def timeline(self, name):
        return {"bar": self.bar.wave, "ruler": self.view.ruler, "lanes": self.view.desk.lanes, "mix": self.view.mix}[
            name
        ]


def send(widget, kind, seconds, modifiers):
    held = Qt.MouseButton.NoButton if kind == QEvent.Type.MouseButtonRelease else Qt.MouseButton.LeftButton
    place = QPointF(widget.x_of(seconds), 25)
    event = QMouseEvent(kind, place, widget.mapToGlobal(place), Qt.MouseButton.LeftButton, held, modifiers)
    QApplication.sendEvent(widget, event)


def drag(widget, start, *ways, modifiers=NONE):
    send(widget, QEvent.Type.MouseButtonPress, start, modifiers)
    for way in ways:
        send(widget, QEvent.Type.MouseMove, way, modifiers)
    send(widget, QEvent.Type.MouseButtonRelease, ways[-1], modifiers)


def on_the_beat(seconds, beat=BEAT):
    return abs(seconds / beat - round(seconds / beat)) < 1e-6


@pytest.mark.parametrize("name", ["bar", "ruler", "lanes", "mix"])
def test_a_loop_snaps_and_its_edges_too(qtbot, name):
    room = Room(qtbot, 112.0)
    timeline = room.timeline(name)
    drag(timeline, 60.0, 80.0, 90.0)
    assert room.transport.looped == pytest.approx((60, 90), abs=1.2)
    assert all(map(on_the_beat, room.transport.looped))
    drag(timeline, room.transport.looped[1], 110.0, 120.2)
    assert room.transport.looped == pytest.approx((60, 120.2), abs=1.2)
    assert all(map(on_the_beat, room.transport.looped))


@pytest.mark.parametrize("name", ["bar", "ruler", "lanes", "mix"])
def test_beats_that_were_heard_count_more_than_an_even_tempo(qtbot, name):
    heard = tuple(n * 3.0 + 1.0 for n in range(30))
    room = Room(qtbot, 112.0, Beats(heard, 20.0))
    drag(room.timeline(name), 60.6, 70.0, 80.7)
    assert room.transport.looped == (61.0, 82.0)
    drag(room.timeline(name), 82.0, 150.8)
    assert room.transport.looped == (61.0, 151.0), "beyond the last one they go on"


@pytest.mark.parametrize("name", ["bar", "ruler", "lanes"])
def test_with_alt_it_is_where_the_hand_is(qtbot, name):
    room = Room(qtbot, 20.0)
    timeline = room.timeline(name)
    drag(timeline, 61.0, 80.0, 90.9, modifiers=ALT)
    assert room.transport.looped == pytest.approx((61.0, 90.9), abs=0.3)
    drag(timeline, room.transport.looped[1], 100.0, modifiers=ALT)
    assert room.transport.looped == pytest.approx((61.0, 100.0), abs=0.3)
    drag(timeline, 61.0, 58.0)
    assert room.transport.looped[0] == pytest.approx(57.0), "without Alt it snaps again: a beat is 3 seconds"


@pytest.mark.parametrize("bpm", [None, 0.0])
def test_where_the_tempo_is_not_known_nothing_snaps(qtbot, bpm):
    room = Room(qtbot, bpm)
    drag(room.bar.wave, 61.0, 80.0, 90.9)
    assert room.transport.looped == pytest.approx((61.0, 90.9), abs=0.3)


def test_the_end_of_the_song_is_an_edge(qtbot):
    room = Room(qtbot, 20.0)
    drag(room.view.ruler, 150.0, 190.0, 198.0)
    assert room.transport.looped == pytest.approx((150.0, 198.0))


def test_edges_move_while_it_plays_and_the_hand_is_down(qtbot):
    room = Room(qtbot, 112.0)
    room.player.set_loop(60.0, 90.0)
    ruler = room.view.ruler
    send(ruler, QEvent.Type.MouseButtonPress, 90.0, NONE)
    heard = []
    for to in (95.0, 100.0, 105.0):
        send(ruler, QEvent.Type.MouseMove, to, NONE)
        heard.append(room.transport.looped[1])
    assert room.player.state.playing
    assert heard == sorted(set(heard))
    assert room.bar.wave.shown_loop == room.transport.looped
    send(ruler, QEvent.Type.MouseButtonRelease, 105.0, NONE)
    assert room.transport.now.position == 0.0, "taking an edge does not seek"


def test_a_drag_within_one_beat_makes_no_loop(qtbot):
    room = Room(qtbot, 20.0)
    drag(room.view.ruler, 60.2, 61.0)
    assert room.transport.looped is None
