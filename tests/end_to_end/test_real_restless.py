"""Every control of the real player moved at random for 20 seconds while it is recorded; searched for clicks.

``packaging/dev.py bench audition --restless`` does the same for ten minutes.
"""

from __future__ import annotations

import sys

import pytest
from fakes import null_sink
from fakes.null_sink import RATE, NullSink, wait_for
from support.restless import Restless, steps

from musicapi_desktop.audio.player import Player
from musicapi_desktop.bridge.audio_feeder import AudioFeeder

pytestmark = pytest.mark.skipif(bool(null_sink.missing()), reason=null_sink.missing())

SECONDS = 20


class Unheard:
    def publish(self, event):
        pass


@pytest.fixture
def sink():
    made = NullSink()
    made.install()
    before = sys.getswitchinterval()
    sys.setswitchinterval(0.001)
    try:
        made.start()
        made.record()
        yield made
    finally:
        sys.setswitchinterval(before)
        made.close()


def test_twenty_restless_seconds_have_no_click(sink):
    player = Player()
    feeder = AudioFeeder(player, Unheard())
    feeder.start()
    try:
        wait_for(lambda: feeder.device == "pulse")
        person = Restless(player, seed=11)
        until = sink.recorded + SECONDS * RATE
        moves = 0
        while sink.recorded < until:
            person.move()
            moves += 1
            next_at = sink.recorded + int(person.pause * RATE)
            wait_for(lambda next_at=next_at: sink.recorded >= next_at, 10, every=0.002)
    finally:
        feeder.stop()
    assert moves > 100
    assert steps(sink.samples()).tolist() == []
