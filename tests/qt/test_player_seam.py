"""What the presenters ask of playing, held by the fake of the tests and by the real service alike."""

import inspect
import time

import pytest
from fakes import playing as fake

from musicapi_desktop.domain.song import AudioFacts, Song, Stem, Take, TakeState
from musicapi_desktop.presenters import transport
from musicapi_desktop.services.playback import Playback
from musicapi_desktop.services.playback_snapshot import PlaybackSnapshot

RATE = 48000


def own_methods(protocol):
    return {name: value for name, value in vars(protocol).items() if inspect.isfunction(value) and name[0] != "_"}


@pytest.mark.parametrize("kind", [Playback, fake.FakeTransport])
@pytest.mark.parametrize("name", list(own_methods(transport.Transport)))
def test_every_control_is_there_with_the_same_parameters(kind, name):
    asked = inspect.signature(getattr(transport.Transport, name))
    there = inspect.signature(getattr(kind, name))
    assert list(there.parameters) == list(asked.parameters)


@pytest.mark.parametrize("made", [PlaybackSnapshot(), fake.FakeSnapshot()])
def test_every_snapshot_field_is_there(made):
    for name, value in vars(transport.Snapshot).items():
        if isinstance(value, property):
            assert hasattr(made, name)


class Files:
    def __init__(self, root):
        self.root = root

    def song(self, song_id):
        return None

    def path(self, relative):
        return self.root / relative


class Real:
    """The real service, its blocks pulled by hand."""

    def __init__(self, root):
        from musicapi_desktop.dsp.writer import write_pcm16

        self.songs = _song(root, write_pcm16)
        self.playing = Playback(Files(root), root / "cache", lambda work: work())
        self.player = self.playing.start()

    def settle(self):
        for _ in range(8):
            self.player.render()
            self.player.wrote(0.0, time.monotonic())


class Faked:
    def __init__(self, root):
        self.songs = fake.song()
        self.playing = fake.FakeTransport()

    def settle(self):
        pass


def _song(root, write):
    import numpy as np

    def file(name, hertz):
        at = np.arange(4 * RATE) / RATE
        write(root / name, np.repeat(np.sin(at * hertz * 6.283)[:, None] * 0.4, 2, axis=1).astype(np.float32), RATE)
        return AudioFacts(4 * RATE, RATE, 2, "wav", bytes(200), -14.0, -1.0)

    stems = tuple(
        Stem(f"s{i}", "t", "basic", kind.title(), kind, f"{kind}.wav", i, facts=file(f"{kind}.wav", 200 + 100 * i))
        for i, kind in enumerate(("vocals", "bass"))
    )
    whole = file("A.wav", 300)
    take = Take("t", "s", "A", state=TakeState.READY, path="A.wav", seconds=4.0, facts=whole, stems=stems)
    return Song("s", "Song", takes=(take,))


@pytest.fixture(params=[Real, Faked], ids=["real", "fake"])
def seam(request, tmp_path):
    made = request.param(tmp_path)
    yield made
    if hasattr(made.playing, "close"):
        made.playing.close()


def test_open_play_seek_pause(seam):
    song = seam.songs
    take = song.takes[0]
    seam.playing.open_take(song, take)
    assert not seam.playing.snapshot().playing
    seam.playing.play()
    seam.settle()
    assert seam.playing.snapshot().playing
    seam.playing.seek(2.0)
    seam.settle()
    assert seam.playing.snapshot().position == pytest.approx(2.0, abs=0.2)
    seam.playing.open_stems(take)
    seam.settle()
    assert seam.playing.snapshot().position == pytest.approx(2.0, abs=0.4)
    seam.playing.loop((1.0, 1.5))
    seam.playing.loop(None)
    seam.playing.pause()
    seam.settle()
    assert not seam.playing.snapshot().playing


def test_waveforms_are_signed_pairs(tmp_path):
    real = Real(tmp_path)
    song = real.songs
    real.playing.open_take(song, song.takes[0])
    peaks = real.playing.lane_peaks(song, song.takes[0], "s0", 100)
    values = memoryview(peaks).cast("b").tolist()
    assert len(values) == 200
    assert max(values) == pytest.approx(0.4 * 127, abs=2)
    assert min(values) == pytest.approx(-0.4 * 127, abs=2)
    real.playing.close()
