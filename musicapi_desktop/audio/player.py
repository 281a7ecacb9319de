"""The transport: positions, takes, loops and fades, block by block. No Qt, no threads, no device.

Controls swap one immutable ``Wanted``; ``render`` reads it once per block and moves towards it, so that no control
ever waits for the sound or the other way round. All jumps are voices that fade: a seek, a take switch, a loop seam,
play and pause differ only in where the new voice starts and how long the fade is.

What was rendered but not yet heard can be taken back (``unrender``): each block's state before it is kept, so that a
control is heard at once however deep the device's buffer is, without a click.
"""

from __future__ import annotations

import math
import threading
from dataclasses import dataclass, replace
from typing import NamedTuple

import numpy as np

from musicapi_desktop.domain.mix import gain_of
from musicapi_desktop.dsp.types import Samples

from .mixer import Levels, Mixer, row_levels
from .sources import RATE
from .track import BLOCK, Gains, Mix, Track

SEEK_FADE = 384
"""Frames of the fade at play, pause and seek: 8 ms."""
TAKE_FADE = 720
"""Frames of the equal-power fade between takes: 15 ms."""
LOOP_FADE = 240
"""Frames of the equal-power seam of a loop: 5 ms. It ends at the loop's end, so that its start is heard whole."""
SHORTEST_LOOP = 4 * LOOP_FADE

_HALF_PI = math.pi / 2
_KEPT = 128
"""Blocks of which the state is kept: 1.4 s."""
_MOST_VOICES = 6


@dataclass(frozen=True, slots=True, eq=False)
class Wanted:
    """What the person asked for. ``seek`` is (serial, frames): a new serial is a new seek. ``volume`` is linear."""

    track: Track | None = None
    mix: Mix | None = None
    playing: bool = False
    loop: tuple[int, int] | None = None
    volume: float = 1.0
    seek: tuple[int, int] = (0, 0)
    take_fade: int = TAKE_FADE


class Voice(NamedTuple):
    """A track being heard from ``at`` on. Its envelope is sin(angle); ``slope`` is radians per frame, 0 once steady."""

    track: Track
    at: int
    gains: Gains
    angle: float
    slope: float


class State(NamedTuple):
    """Where the transport is between two blocks. ``voices`` end with the main one while ``running``."""

    wanted: Wanted
    voices: tuple[Voice, ...]
    running: bool
    at: int
    volume: float
    mono: float
    ended: int


class Block(NamedTuple):
    """What is kept of a rendered block."""

    before: State
    track: Track | None
    levels: Levels | None


class Heard(NamedTuple):
    """What is heard at one moment: position in frames, whether it moves, and the meters since ``since``."""

    at: int
    running: bool
    ended: int
    track: Track | None
    levels: Levels | None


_NOTHING = State(Wanted(), (), False, 0, 1.0, 0.0, 0)


class Player:
    """Controls may be called from any thread; ``render``, ``unrender`` and ``wrote`` from the feeder alone."""

    def __init__(self, block: int = BLOCK) -> None:
        self.block = block
        self._mixer = Mixer(block)
        self._out: Samples = np.empty((block, 2), np.float32)
        self._controls = threading.Lock()  # taken by control callers only, never by the feeder
        self._wanted = Wanted()
        self._state = _NOTHING
        self._kept: list[Block | None] = [None] * _KEPT
        self._count = 0
        self._clock = (0, 0.0, 0.0)
        self._measured: tuple[Gains, Gains] | None = None

    # Controls

    @property
    def wanted(self) -> Wanted:
        """What was asked for last."""
        return self._wanted

    def load(self, track: Track | None, mix: Mix | None, at: int = 0) -> None:
        """Stop and stand at ``at`` of another track."""
        with self._controls:
            wanted = self._wanted
            seek = (wanted.seek[0] + 1, at)
            self._wanted = replace(wanted, track=track, mix=mix, playing=False, loop=None, seek=seek)

    def switch(self, track: Track, mix: Mix, fade: int = TAKE_FADE) -> None:
        """Go on at the same position in another track (a take, its stems)."""
        self._want(track=track, mix=mix, take_fade=fade)

    def set_mix(self, mix: Mix) -> None:
        """Let all gains go to those of ``mix``, which was compiled for the track that is wanted."""
        self._want(mix=mix)

    def play(self) -> None:
        """Go on; from the start where the end was reached."""
        with self._controls:
            wanted = replace(self._wanted, playing=True)
            if wanted.track is not None and self._state.ended and self._state.at >= wanted.track.frames:
                wanted = replace(wanted, seek=(wanted.seek[0] + 1, wanted.loop[0] if wanted.loop else 0))
            self._wanted = wanted

    def pause(self) -> None:
        """Stand still."""
        self._want(playing=False)

    def seek(self, at: int) -> None:
        """Go on at frame ``at``."""
        with self._controls:
            self._wanted = replace(self._wanted, seek=(self._wanted.seek[0] + 1, max(0, at)))

    def set_loop(self, loop: tuple[int, int] | None) -> None:
        """Repeat from the first to the second frame, or no more. One that is too short is made longer."""
        if loop is not None:
            start = max(0, min(loop))
            loop = (start, max(*loop, start + SHORTEST_LOOP))
        self._want(loop=loop)

    def set_volume(self, level: float) -> None:
        """Volume in dB, −∞ for none. It stands behind the mix and its meters."""
        self._want(volume=gain_of(level))

    def _want(self, **changes: object) -> None:
        with self._controls:
            self._wanted = replace(self._wanted, **changes)  # pyright: ignore[reportArgumentType]  # names checked by the dataclass

    # The feeder's side

    @property
    def idle(self) -> bool:
        """Return whether rendering would give silence and change nothing."""
        state, wanted = self._state, self._wanted
        return state.wanted is wanted and not state.voices and (not wanted.playing or wanted.track is None)

    @property
    def changed(self) -> bool:
        """Return whether a control was moved since the last block."""
        return self._state.wanted is not self._wanted

    def render(self) -> Samples:
        """Return the next ``(block, 2) float32``; the memory is used again by the next call."""
        before = self._state
        out = self._out
        self._measured = None
        state = self._follow(before, self._wanted)
        state = self._one_voice(state, out) if self._is_plain(state) else self._fill(state, out)
        levels = self._levels(out)
        state = self._finish(state, out)
        self._kept[self._count % _KEPT] = Block(before, state.wanted.track, levels)
        self._count += 1
        self._state = state
        return out

    def unrender(self, frames: int) -> int:
        """Take back up to ``frames`` that are not heard yet; return how many (whole blocks)."""
        blocks = min(frames // self.block, _KEPT // 2, self._count)
        if blocks <= 0:
            return 0
        kept = self._kept[(self._count - blocks) % _KEPT]
        if kept is None:
            return 0
        self._count -= blocks
        self._state = kept.before
        return blocks * self.block

    def wrote(self, latency: float, now: float) -> None:
        """Take note that everything rendered was handed on and is heard ``latency`` s after ``now`` (monotonic)."""
        self._clock = (self._count, latency, now)

    # What the window looks at

    def heard(self, now: float, since: int = -1) -> tuple[Heard, int]:
        """Return what is heard at ``now`` (monotonic s), the meters held over the blocks from ``since`` on.

        The second value is the ``since`` of the next call.
        """
        count, latency, told = self._clock
        state = self._state
        behind = max(0.0, latency - (now - told)) * RATE / self.block
        exact = max(0.0, count - behind)
        index = int(exact)
        kept = self._kept[index % _KEPT] if index < count and count - index < _KEPT else None
        if kept is None:
            return Heard(state.at, state.running, state.ended, state.wanted.track, None), count
        at = kept.before.at + (int((exact - index) * self.block) if kept.before.running else 0)
        levels = self._held(max(since, index - 16), index, kept)
        return Heard(at, kept.before.running, kept.before.ended, kept.track, levels), index + 1

    def _held(self, first: int, last: int, kept: Block) -> Levels | None:
        levels = kept.levels
        for index in range(first, last):
            other = self._kept[index % _KEPT]
            if other is None or other.levels is None or other.track is not kept.track:
                continue
            levels = other.levels if levels is None else _louder(levels, other.levels)
        return levels

    # One block

    def _follow(self, state: State, wanted: Wanted) -> State:
        """Turn what was asked since the last block into voices."""
        old = state.wanted
        if wanted is not old:
            state = self._obey(state, old, wanted)
        track = wanted.track
        can = wanted.playing and track is not None and not state.ended and self._ready(track, state.at)
        if can and not state.running and track is not None and wanted.mix is not None:
            state = _started(state, track, state.at, wanted.mix.gains, SEEK_FADE)
        elif state.running and not can:
            state = _released(state, SEEK_FADE)
        return state

    def _obey(self, state: State, old: Wanted, wanted: Wanted) -> State:
        state = state._replace(wanted=wanted)
        sought = wanted.seek[0] != old.seek[0]
        if sought:
            state = _jump(state, wanted.seek[1], SEEK_FADE)._replace(ended=0)
        elif wanted.track is not old.track:
            state = _jump(state, state.at, wanted.take_fade)
        elif wanted.loop != old.loop and wanted.loop and old.loop and old.loop[0] <= state.at < old.loop[1]:
            start, end = wanted.loop
            if state.at >= end:
                state = _jump(state, start, SEEK_FADE)
        if wanted.playing and not old.playing and not sought:
            state = state._replace(ended=0)
        return state

    def _ready(self, track: Track, at: int) -> bool:
        return track.playable(at, at + 2 * self.block)

    def _is_plain(self, state: State) -> bool:
        """Return whether one steady voice plays through the whole block."""
        if not state.running or len(state.voices) != 1 or state.voices[0].slope:
            return False
        wanted, end = state.wanted, state.at + self.block
        inside = wanted.track is not None and end <= wanted.track.frames and state.voices[0].angle == _HALF_PI
        return inside and (wanted.loop is None or end <= wanted.loop[1] - LOOP_FADE or state.at >= wanted.loop[1])

    def _one_voice(self, state: State, out: Samples) -> State:
        """Do what ``_fill`` does for a plain block, which nearly all are, without its bookkeeping."""
        voice = state.voices[0]
        self._voice(state.wanted, voice, out, 0)
        at = state.at + self.block
        voice = Voice(voice.track, at, voice.gains, _HALF_PI, 0.0)
        return State(state.wanted, (voice,), True, at, state.volume, state.mono, state.ended)

    def _fill(self, state: State, out: Samples) -> State:
        done = 0
        while done < self.block:
            count = self.block - done
            if state.running:
                state, count = self._bounded(state, count)
            count = _until_fades_end(state.voices, count)
            state = self._segment(state, out[done : done + count], done)
            done += count
        return state

    def _bounded(self, state: State, count: int) -> tuple[State, int]:
        """Turn round at the loop's end, stop at the song's; return how many frames may follow in one piece."""
        wanted = state.wanted
        if wanted.loop is not None:
            start, end = wanted.loop
            fade = min(LOOP_FADE, (end - start) // 4)
            if end - fade <= state.at < end and state.at - (end - start) >= -fade:
                state = _jump(state, state.at - (end - start), fade)
            if state.at < end - fade:
                return state, min(count, end - fade - state.at)
            if state.at < end:
                return state, min(count, end - state.at)
        left = (wanted.track.frames if wanted.track else 0) - state.at
        if left <= 0:
            return state._replace(running=False, voices=state.voices[:-1], ended=state.ended + 1), count
        return state, min(count, left)

    def _segment(self, state: State, out: Samples, offset: int) -> State:
        """Mix all voices for ``len(out)`` frames; the frames and fades move on."""
        count = len(out)
        if not state.voices:
            out[:] = 0.0
            return state
        voices: list[Voice] = []
        for number, voice in enumerate(state.voices):
            part = out if number == 0 else self._mixer.scratch(count)
            self._voice(state.wanted, voice, part, offset)
            if number:
                out += part
            moved = _moved(voice, count)
            if moved is not None:
                voices.append(moved)
        return state._replace(voices=tuple(voices), at=state.at + count if state.running else state.at)

    def _voice(self, wanted: Wanted, voice: Voice, part: Samples, offset: int) -> None:
        mix = wanted.mix
        if mix is None or voice.track is not wanted.track:
            self._mixer.steady(voice.track, voice.at, Mix(voice.gains), part)
        else:
            if voice.gains is mix.gains:
                raw = self._mixer.steady(voice.track, voice.at, mix, part)
            else:
                raw = self._mixer.ramped(voice.track, voice.at, (voice.gains, mix), part, offset)
            if voice.slope >= 0.0:
                self._measure(raw, mix.gains)
        if voice.slope or voice.angle < _HALF_PI:
            self._mixer.faded(part, voice.angle, voice.slope)

    def _measure(self, raw: Samples, gains: Gains) -> None:
        peaks, squares = row_levels(raw, gains)
        if self._measured is not None:
            peaks, squares = np.maximum(peaks, self._measured[0]), np.maximum(squares, self._measured[1])
        self._measured = (peaks, squares)

    def _levels(self, out: Samples) -> Levels | None:
        if self._measured is None:
            return None
        left, right = self._mixer.sides(out)
        return Levels(*self._measured, left, right)

    def _finish(self, state: State, out: Samples) -> State:
        """Apply mono and volume; settle the gains."""
        wanted = state.wanted
        mix = wanted.mix
        mono = 1.0 if mix is not None and mix.mono else 0.0
        if mono or state.mono:
            self._mixer.narrowed(out, state.mono, mono)
        self._mixer.scaled(out, state.volume, wanted.volume)
        voices = state.voices
        if mix is not None and any(v.gains is not mix.gains for v in voices):
            voices = tuple(v._replace(gains=mix.gains) if v.track is wanted.track else v for v in voices)
        return State(wanted, voices, state.running, state.at, wanted.volume, mono, state.ended)


def _started(state: State, track: Track, at: int, gains: Gains, fade: int) -> State:
    # From the very start, or out of nothing, the song's own first sample is its attack.
    whole = at <= 0
    voice = Voice(track, at, gains, _HALF_PI if whole else 0.0, 0.0 if whole else _HALF_PI / fade)
    return state._replace(voices=(*state.voices[-_MOST_VOICES:], voice), running=True, at=at)


def _released(state: State, fade: int) -> State:
    """Let every voice fade out."""
    slope = -_HALF_PI / fade
    voices = tuple(v if v.slope < 0.0 else v._replace(slope=slope) for v in state.voices)
    return state._replace(voices=voices, running=False)


def _jump(state: State, at: int, fade: int) -> State:
    """Go on at ``at`` of the wanted track: what is heard fades out, the new voice in."""
    wanted = state.wanted
    running = state.running
    gains = state.voices[-1].gains if running and state.voices[-1].track is wanted.track else None
    state = _released(state, fade)._replace(at=at)
    if not running or wanted.track is None or wanted.mix is None or not wanted.track.playable(at, at + 2 * BLOCK):
        return state
    return _started(state, wanted.track, at, wanted.mix.gains if gains is None else gains, fade)


def _until_fades_end(voices: tuple[Voice, ...], count: int) -> int:
    for voice in voices:
        if voice.slope > 0.0:
            count = min(count, max(1, math.ceil((_HALF_PI - voice.angle) / voice.slope - 1e-6)))
        elif voice.slope < 0.0:
            count = min(count, max(1, math.ceil(voice.angle / -voice.slope - 1e-6)))
    return count


def _moved(voice: Voice, count: int) -> Voice | None:
    """Return the voice ``count`` frames later, None once it has faded out."""
    angle, slope = voice.angle + voice.slope * count, voice.slope
    if slope > 0.0 and angle >= _HALF_PI - 1e-6:
        angle, slope = _HALF_PI, 0.0
    if slope < 0.0 and angle <= 1e-6:
        return None
    return Voice(voice.track, voice.at + count, voice.gains, angle, slope)


def _louder(one: Levels, other: Levels) -> Levels:
    return Levels(
        np.maximum(one.peaks, other.peaks),
        np.maximum(one.squares, other.squares),
        max(one.left, other.left),
        max(one.right, other.right),
    )
