"""Voices: what is heard between two blocks, as values, and the moves between them."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import NamedTuple

from musicapi_desktop.dsp.stretch import Phases, Shape
from musicapi_desktop.dsp.types import Samples

from .clicks import Metronome, Tick
from .track import BLOCK, Mix, Track

SEEK_FADE = 384
"""Frames of the fade at play, pause and seek: 8 ms."""
TAKE_FADE = 720
"""Frames of the equal-power fade between takes: 15 ms."""
LOOP_FADE = 240
"""Frames of the equal-power seam of a loop: 5 ms. It ends at the loop's end, so that its start is heard whole."""
SHORTEST_LOOP = 4 * LOOP_FADE

HALF_PI = math.pi / 2
_MOST_VOICES = 6


class Tune(NamedTuple):
    """How fast the song goes by (1 as it was made) and how many semitones higher."""

    speed: float = 1.0
    semitones: int = 0


AS_MADE = Tune()


@dataclass(frozen=True, slots=True, eq=False)
class Wanted:
    """What the person asked for. ``seek`` is (serial, frames): a new serial is a new seek. ``volume`` is linear.

    ``lead`` is (serial, frames of the song) to be counted in before playing; ``click`` the linear level of the clicks,
    which are heard while playing where ``clicking``.
    """

    track: Track | None = None
    mix: Mix | None = None
    playing: bool = False
    loop: tuple[int, int] | None = None
    volume: float = 1.0
    seek: tuple[int, int] = (0, 0)
    take_fade: int = TAKE_FADE
    tune: Tune = AS_MADE
    lead: tuple[int, int] = (0, 0)
    metronome: Metronome | None = None
    click: float = 0.5
    clicking: bool = False


class Voice(NamedTuple):
    """A track being heard from ``at`` on. Its envelope is sin(angle); ``slope`` is radians per frame, 0 once steady."""

    track: Track
    at: int
    mix: Mix
    angle: float
    slope: float


class Mark(NamedTuple):
    """Where the transport was at one frame of what was mixed: position, whether it moved, how often it had ended."""

    frame: int
    at: int
    running: bool
    ended: int


class Stretch(NamedTuple):
    """Sound on its way through speed and key. Frames count what was mixed since it began.

    ``taken`` is ``(2, n)``, the last of what was mixed, up to ``end``; ``made`` what is ready to be heard, from the
    frame ``first`` on; ``middle`` is where the next frame's middle lies; ``quiet`` counts mixed frames of silence.
    """

    tune: Tune
    shape: Shape
    phases: Phases
    taken: Samples
    end: int
    middle: float
    made: Samples
    first: float
    marks: tuple[Mark, ...]
    quiet: int

    @property
    def mark(self) -> Mark:
        """Where the transport is with what is heard next."""
        first = int(self.first)
        before = next((mark for mark in reversed(self.marks) if mark.frame <= first), self.marks[0])
        passed = max(0, first - before.frame) if before.running else 0
        return before._replace(frame=first, at=before.at + passed)


class State(NamedTuple):
    """Where the transport is between two blocks. ``voices`` end with the main one while ``running``.

    With ``stretch`` the rest tells where mixing is, ahead of what comes out. ``lead`` counts the blocks until playing
    begins after ``led``, the serial of the lead that was begun; ``ticks`` are the clicks that still sound.
    """

    wanted: Wanted
    voices: tuple[Voice, ...]
    running: bool
    at: int
    volume: float
    mono: float
    ended: int
    stretch: Stretch | None = None
    lead: int = 0
    led: int = 0
    ticks: tuple[Tick, ...] = ()

    @property
    def mark(self) -> Mark:
        """Where the transport is with what comes out next."""
        return self.stretch.mark if self.stretch is not None else Mark(0, self.at, self.running, self.ended)


def started(state: State, track: Track, at: int, mix: Mix, fade: int) -> State:
    """Add a main voice that fades in over ``fade`` frames."""
    # The song's own first sample is its attack; before it there is nothing to fade in.
    whole = at <= 0 and (at == 0 or at <= -fade)
    voice = Voice(track, at, mix, HALF_PI if whole else 0.0, 0.0 if whole else HALF_PI / fade)
    return state._replace(voices=(*state.voices[-_MOST_VOICES:], voice), running=True, at=at)


def released(state: State, fade: int) -> State:
    """Let every voice fade out."""
    slope = -HALF_PI / fade
    voices = tuple(v if v.slope < 0.0 else v._replace(slope=slope) for v in state.voices)
    return state._replace(voices=voices, running=False)


def jump(state: State, at: int, fade: int) -> State:
    """Go on at ``at`` of the wanted track: what is heard fades out, the new voice in."""
    wanted = state.wanted
    running = state.running
    mix = state.voices[-1].mix if running and state.voices[-1].track is wanted.track else None
    state = released(state, fade)._replace(at=at)
    if not running or wanted.track is None or wanted.mix is None or not wanted.track.playable(at, at + 2 * BLOCK):
        return state
    return started(state, wanted.track, at, wanted.mix if mix is None else mix, fade)


def until_fades_end(voices: tuple[Voice, ...], count: int) -> int:
    """Return how many of ``count`` frames there are before the first fade ends."""
    for voice in voices:
        if voice.slope > 0.0:
            count = min(count, max(1, math.ceil((HALF_PI - voice.angle) / voice.slope - 1e-6)))
        elif voice.slope < 0.0:
            count = min(count, max(1, math.ceil(voice.angle / -voice.slope - 1e-6)))
    return count


def moved(voice: Voice, count: int) -> Voice | None:
    """Return the voice ``count`` frames later, None once it has faded out."""
    angle, slope = voice.angle + voice.slope * count, voice.slope
    if slope > 0.0 and angle >= HALF_PI - 1e-6:
        angle, slope = HALF_PI, 0.0
    if slope < 0.0 and angle <= 1e-6:
        return None
    return Voice(voice.track, voice.at + count, voice.mix, angle, slope)
