"""The transport: positions, takes, loops and fades, block by block. No Qt, no threads, no device.

Controls swap one immutable ``Wanted``; ``render`` reads it once per block and moves towards it, so that no control
ever waits for the sound or the other way round. All jumps are voices that fade: a seek, a take switch, a loop seam,
play and pause differ only in where the new voice starts and how long the fade is.

What was rendered but not yet heard can be taken back (``unrender``): each block's state before it is kept, so that a
control is heard at once however deep the device's buffer is, without a click.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import replace
from typing import NamedTuple

import numpy as np

from musicapi_desktop.domain.mix import gain_of
from musicapi_desktop.domain.units import RATE
from musicapi_desktop.dsp.types import Samples

from .clicks import Metronome, Run, clicked
from .mixer import Levels
from .track import BLOCK, Mix, Track
from .tuner import Tuner
from .voices import LOOP_FADE, SHORTEST_LOOP, TAKE_FADE, Mark, State, Tune, Wanted

_KEPT = 128
"""Blocks of which the state is kept: 1.4 s."""


_MOST_AGAIN = 48
"""Blocks that can be taken back at once: 0.5 s."""


HELD = 4
"""Blocks over which the meters hold their peaks: one look of a window at 24 frames a second or more sees them all."""


class Block(NamedTuple):
    """What is kept of a rendered block."""

    before: State
    track: Track | None
    levels: Levels | None


class Heard(NamedTuple):
    """What is heard at one moment: position in frames, whether it moves, how often the end was reached, the meters."""

    at: int
    running: bool
    ended: int
    track: Track | None
    levels: Levels | None
    counting: bool = False


_NOTHING = State(Wanted(), (), False, 0, 1.0, 0.0, 0)


class Player:
    """Controls may be called from any thread; rendering, ``wrote``, ``device`` and ``silent`` belong to the feeder.

    ``device`` is the kind of output, ``silent`` whether nobody hears it.
    """

    def __init__(self, block: int = BLOCK) -> None:
        self.block = block
        self._tuner = Tuner(block)
        self._controls = threading.Lock()  # taken by control callers only, never by the feeder
        self._wanted = Wanted()
        self._state = _NOTHING
        self._kept: list[Block | None] = [None] * _KEPT
        self._burst: Samples = np.empty((_MOST_AGAIN * block, 2), np.float32)
        self.silent = False
        self.device = ""
        self._count = 0
        self._clock = (0, 0.0, 0.0)
        self._wake: Callable[[], None] | None = None

    def listen(self, wake: Callable[[], None]) -> None:
        """Call ``wake`` after each control, on the caller's thread."""
        self._wake = wake

    # Controls

    @property
    def wanted(self) -> Wanted:
        """What was asked for last."""
        return self._wanted

    def load(self, track: Track | None, mix: Mix | None, at: int = 0) -> None:
        """Stop and stand at ``at`` of another track."""
        self._change(lambda was: replace(_sought(was, at), track=track, mix=mix, playing=False, loop=None))

    def switch(self, track: Track, mix: Mix, fade: int = TAKE_FADE) -> None:
        """Go on at the same position in another track (a take, its stems)."""
        track.expect(self.at)
        self._change(lambda was: replace(was, track=track, mix=mix, take_fade=fade))

    def set_mix(self, mix: Mix) -> None:
        """Let all gains go to those of ``mix``, which was compiled for the track that is wanted."""
        self._change(lambda was: replace(was, mix=mix))

    def play(self, *, count_in: bool = False) -> None:
        """Go on; from the start (the loop's, where there is one) if the end was reached.

        With ``count_in`` a bar is counted first, where the beats are known and nothing plays.
        """
        over = self.over

        def play(was: Wanted) -> Wanted:
            start = was.loop[0] if was.loop else 0
            wanted = replace(_sought(was, start) if over else was, playing=True)
            if not count_in or was.metronome is None or (was.playing and not over):
                return wanted
            return replace(wanted, lead=(was.lead[0] + 1, was.metronome.lead(start if over else self.at)))

        self._change(play)

    def pause(self) -> None:
        """Stand still."""
        self._change(lambda was: replace(was, playing=False))

    def seek(self, at: int) -> None:
        """Go on, or stand, at frame ``at``. After the end of the song this does not play again by itself."""
        over, track = self.over, self._wanted.track
        if track is not None:
            track.expect(at)
        self._change(lambda was: replace(_sought(was, max(0, at)), playing=was.playing and not over))

    def set_loop(self, loop: tuple[int, int] | None) -> None:
        """Repeat from the first to the second frame, or no more. One that is too short is made longer."""
        if loop is not None:
            start = max(0, min(loop))
            loop = (start, max(*loop, start + SHORTEST_LOOP))
        self._change(lambda was: replace(was, loop=loop))

    def set_tune(self, speed: float, semitones: int) -> None:
        """Let the song go by faster or slower than 1, higher or lower."""
        self._change(lambda was: replace(was, tune=Tune(speed, semitones)))

    def set_metronome(self, metronome: Metronome | None) -> None:
        """Know these beats; None where they are not known."""
        self._change(lambda was: replace(was, metronome=metronome))

    def set_click(self, on: bool, level: float) -> None:
        """Click on the beats while playing, or not; the level in dB is that of the bar that is counted in, too."""
        self._change(lambda was: replace(was, clicking=on, click=gain_of(level)))

    def set_volume(self, level: float) -> None:
        """Volume in dB, −∞ for none. It stands behind the mix and its meters."""
        self._change(lambda was: replace(was, volume=gain_of(level)))

    def _change(self, move: Callable[[Wanted], Wanted]) -> None:
        with self._controls:
            self._wanted = move(self._wanted)
        if self._wake is not None:
            self._wake()

    # The feeder's side

    @property
    def idle(self) -> bool:
        """Return whether rendering would give silence and change nothing."""
        state, wanted = self._state, self._wanted
        still = not wanted.playing or wanted.track is None or state.ended > 0
        sounding = state.voices or state.stretch is not None or state.ticks
        return state.wanted is wanted and not sounding and still

    @property
    def over(self) -> bool:
        """Return whether the song was played to its end."""
        return self._state.mark.ended > 0

    @property
    def at(self) -> int:
        """Return where the transport is mixing, in frames: ahead of what is heard."""
        wanted, state = self._wanted, self._state
        return state.at if state.wanted.seek[0] == wanted.seek[0] else wanted.seek[1]

    @property
    def waiting(self) -> bool:
        """Return whether playing waits for decoding."""
        state = self._state
        still = not state.running and not state.ended and not state.lead
        return self._wanted.playing and still and state.wanted is self._wanted

    @property
    def changed(self) -> bool:
        """Return whether a control was moved since the last block."""
        return self._state.wanted is not self._wanted

    def render(self) -> Samples:
        """Return the next ``(block, 2) float32``; the memory is used again by the next call."""
        before, wanted = self._state, self._wanted
        state = self._led(before, wanted)
        after, levels = self._tuner.render(state, wanted)
        if state.lead or before.ticks or wanted.clicking:
            after = self._clicked(state, after)
        if state.lead:
            after = after._replace(lead=state.lead - 1)
        self._kept[self._count % _KEPT] = Block(before, after.wanted.track, levels)
        self._count += 1
        self._state = after
        return self._tuner.out

    def _led(self, state: State, wanted: Wanted) -> State:
        """Begin to count, or leave off."""
        serial, frames = wanted.lead
        if not wanted.playing:
            return state._replace(lead=0, led=serial) if state.lead else state
        if serial == state.led:
            return state
        return state._replace(lead=-int(-frames // (self.block * wanted.tune.speed)), led=serial)

    def _clicked(self, before: State, after: State) -> State:
        wanted = after.wanted
        beats = wanted.metronome
        if beats is None:
            return after._replace(ticks=())
        runs: list[Run] = []
        if wanted.clicking or before.lead:
            runs = self._runs(before, after)
        return after._replace(
            ticks=tuple(clicked(self._tuner.out, before.ticks, runs, beats, wanted.click * wanted.volume))
        )

    def _runs(self, before: State, after: State) -> list[Run]:
        """Which frames of the song the block is, in one run or, round a loop's seam, in two."""
        wanted, speed, block = after.wanted, after.wanted.tune.speed, self.block
        first, last = before.mark, after.mark
        if before.lead:
            at = last.at if wanted.seek[0] == before.wanted.seek[0] else wanted.seek[1]
            return [Run(0, block, at - before.lead * block * speed, speed)]
        if not last.running:
            return []
        seam = self._seam(wanted, first)
        if seam is None or last.at >= first.at or not first.running:
            return [Run(0, block, last.at - block * speed, speed)]
        count = min(block, max(0, round((seam - first.at) / speed)))
        rest = block - count
        return [Run(0, count, first.at, speed), Run(count, rest, last.at - rest * speed, speed)]

    def _seam(self, wanted: Wanted, first: Mark) -> int | None:
        """Where in the song a loop turns round that ``first`` is in."""
        if wanted.loop is None or not wanted.loop[0] - LOOP_FADE <= first.at < wanted.loop[1]:
            return None
        return wanted.loop[1] - LOOP_FADE

    def unrender(self, frames: int) -> int:
        """Take back up to ``frames`` that are not heard yet; return how many (whole blocks)."""
        blocks = min(frames // self.block, _MOST_AGAIN, self._count)
        if blocks <= 0:
            return 0
        kept = self._kept[(self._count - blocks) % _KEPT]
        if kept is None:
            return 0
        self._count -= blocks
        self._state = kept.before
        return blocks * self.block

    def render_again(self, frames: int) -> Samples:
        """Render what was taken back, in one piece ``(frames, 2)``, so that a device takes all of it or nothing."""
        for start in range(0, frames, self.block):
            self._burst[start : start + self.block] = self.render()
        return self._burst[:frames]

    def wrote(self, latency: float, now: float) -> None:
        """Take note that everything rendered was handed on and is heard ``latency`` s after ``now`` (monotonic)."""
        self._clock = (self._count, latency, now)

    # What the window looks at

    def heard(self, now: float) -> Heard:
        """Return what is heard at ``now`` (monotonic s), and the meters over the last HELD blocks of it."""
        count, latency, told = self._clock
        state = self._state
        exact = count - max(0.0, latency - (now - told)) * RATE / self.block
        index = max(0, int(exact))
        kept = self._kept[index % _KEPT] if index < count and count - index < _KEPT else None
        if kept is None:
            mark = state.mark
            return Heard(mark.at, mark.running, mark.ended, state.wanted.track, None, state.lead > 0)
        before = kept.before
        mark = before.mark
        passed = (exact - index) * self.block * before.wanted.tune.speed if mark.running else 0.0
        at = mark.at + max(0, int(passed))
        return Heard(at, mark.running, mark.ended, kept.track, self._held(index, kept), before.lead > 0)

    def _held(self, last: int, kept: Block) -> Levels | None:
        levels = kept.levels
        for index in range(max(0, last - HELD + 1), last):
            other = self._kept[index % _KEPT]
            if other is None or other.levels is None or other.track is not kept.track:
                continue
            levels = other.levels if levels is None else _louder(levels, other.levels)
        return levels


def _sought(wanted: Wanted, at: int) -> Wanted:
    return replace(wanted, seek=(wanted.seek[0] + 1, at))


def _louder(one: Levels, other: Levels) -> Levels:
    return Levels(
        np.maximum(one.peaks, other.peaks),
        max(one.left, other.left),
        max(one.right, other.right),
    )
