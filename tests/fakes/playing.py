"""Playing without sound: the transport's seam with a clock the test turns, a song with stems, calls at once."""

from __future__ import annotations

import math
from dataclasses import dataclass, field, replace
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from musicapi_desktop.domain.beats import Beats
from musicapi_desktop.domain.mix import MixState
from musicapi_desktop.domain.song import STEM_KINDS, AudioFacts, Song, Stem, Take, TakeState
from musicapi_desktop.domain.timed_lyrics import TimedWord


@dataclass(frozen=True)
class FakeSnapshot:
    position: float = 0.0
    playing: bool = False
    silent: bool = False
    counting: bool = False
    device: str = "pulse"
    peaks: dict = field(default_factory=dict)
    problems: dict = field(default_factory=dict)


class FakeTransport:
    """Keeps what was asked; ``now`` is what the views see."""

    def __init__(self):
        self.now = FakeSnapshot()
        self.asked = []
        self.mixed = MixState()
        self.looped = None
        self.level = None
        self.matched = None
        self.breaks = None
        self.ranges = {}
        self.beats = Beats(tuple(n / 2 for n in range(200)), 120.0)
        self.counted = False
        self.tuned = (1.0, 0)
        self.clicks = (False, 0.0)

    def open_take(self, song, take):
        if self.breaks is not None:
            raise self.breaks
        self.asked.append(("open", take.letter))
        self.now = replace(self.now, position=0.0, playing=False)

    def open_stems(self, take):
        if self.breaks is not None:
            raise self.breaks
        self.asked.append(("stems", take.letter))

    def find_beats(self, take):
        return self.beats

    def play(self, count_in=False):
        self.counted = count_in
        self.now = replace(self.now, playing=True)

    def pause(self):
        self.now = replace(self.now, playing=False)

    def seek(self, seconds):
        self.now = replace(self.now, position=seconds)

    def loop(self, loop):
        self.looped = loop

    def tune(self, speed, key):
        self.tuned = (speed, key)

    def click(self, on, level):
        self.clicks = (on, level)

    def volume(self, level):
        self.level = level

    def switch_take(self, letter):
        self.asked.append(("switch", letter))

    def match(self, on):
        self.matched = on

    def mix(self, state):
        self.mixed = state

    def mute_ranges(self, stem_id, ranges):
        self.ranges[stem_id] = tuple(ranges)

    def original(self, on):
        self.asked.append(("original", on))

    def original_level(self, level):
        self.asked.append(("original level", level))

    def mix_figures(self, take):
        self.asked.append(("figures", take.letter))
        return -14.8 + self.mixed.master, -0.9 + self.mixed.master

    def stems_loudness(self, take):
        return -14.8

    def snapshot(self):
        return self.now


class FakeLibrary:
    def __init__(self, *songs):
        self.songs = {song.id: song for song in songs}
        self.favourites = []

    def song(self, song_id):
        return self.songs.get(song_id)

    def path(self, relative):
        return Path("/music") / relative

    def favourite(self, song_id, on):
        self.favourites.append((song_id, on))


class FakePreferences:
    def __init__(self):
        self.values = {}

    def get(self, key, default):
        return self.values.get(key, default)

    def set(self, key, value):
        self.values[key] = value


class FakeRelay(QObject):
    published = Signal(object)


class FakeCalls:
    """Runs at once; ``later`` keeps the work until ``finish``."""

    def __init__(self):
        self.later = False
        self._waiting = []

    def run(self, work, done=None, failed=None):
        self._waiting.append((work, done, failed))
        if not self.later:
            self.finish()

    def finish(self):
        waiting, self._waiting = self._waiting, []
        for work, done, failed in waiting:
            try:
                result = work()
            except Exception as error:  # the pool hands on whatever the work raises
                if failed is None:
                    raise
                failed(error)
            else:
                if done is not None:
                    done(result)


class FakeMemory:
    def __init__(self):
        self.kept = {}

    def get(self, take_id):
        return self.kept.get(take_id)

    def put(self, take_id, kept):
        self.kept[take_id] = kept


class FakeSplitter:
    def __init__(self, prices=(15, 75)):
        self.quoted = prices
        self.asked = []

    def prices(self, take):
        return self.quoted

    def split(self, song, take, *, full):
        self.asked.append((take.id, full))


NAMES = ("Vocals", "Backing vocals", "Drums", "Percussion", "Bass", "Guitar", "Keyboard", "Strings", "Synth", "FX",
         "Brass", "Woodwinds")  # fmt: skip
SECONDS = 198.0


WORDS = (
    TimedWord("[Verse]\nTaxi ", 20.0, 20.4), TimedWord("lights\n", 20.5, 21.0),
    TimedWord("rivers of glass\n", 24.0, 26.0),
    TimedWord("[Chorus]\nNeon ", 60.0, 61.0), TimedWord("rain\n", 61.0, 63.0), TimedWord("[Outro]\nRain", 90.0, 91.0),
)  # fmt: skip
"""Sections Verse from 20 s, Chorus from 60 s, Outro from 90 s; four lines."""


def overview(count=200):
    return bytes(int(60 + 150 * abs(math.sin(i * 0.37) * math.cos(i * 0.05))) for i in range(count))


def facts(loudness=-14.2, seconds=SECONDS):
    return AudioFacts(int(seconds * 48000), 48000, 2, "mp3", overview(), loudness, -1.1)


def stem(kind, position, take_id, split="full"):
    name = NAMES[STEM_KINDS.index(kind)]
    silent = kind in {"brass", "woodwinds"}
    return Stem(f"{take_id}-{kind}", take_id, split, name, kind, f"{name}.mp3", position, facts=facts(), silent=silent)


def take(letter, *, stems=STEM_KINDS, loudness=-14.2, song_id="song"):
    take_id = f"{song_id}-{letter}"
    return Take(
        take_id, song_id, letter, state=TakeState.READY, path=f"{letter}.mp3", style="synthwave, female vocal, 112 bpm",
        seconds=SECONDS, bpm=112.0, key="F#m", facts=facts(loudness),
        stems=tuple(stem(kind, i, take_id) for i, kind in enumerate(stems)),
    )  # fmt: skip


def song(*takes, song_id="song", title="Neon Rain"):
    return Song(
        song_id,
        title,
        style="synthwave, female vocal, 112 bpm",
        takes=takes or (take("A"), take("B", stems=(), loudness=-16.0)),
    )


def peaks(_song, _take, key, columns=2000):
    """Waveforms as the service hands them out: int8 pairs, lowest and highest, a column each."""
    seed = sum(map(ord, key)) % 17 + 3
    out = bytearray()
    for i in range(columns):
        swell = 0.35 + 0.3 * math.sin(i / columns * math.pi * (2 + seed % 3)) ** 2
        value = int(110 * swell * abs(math.sin(i * 0.13 * seed) * math.cos(i * 0.017 * seed)))
        out += bytes(((-value) & 0xFF, value))
    return bytes(out)
