"""Speed and key behind the mixer: the renderer's blocks go through the vocoder, and song time goes on being song time.

All stems pass together, as the mix that is heard: a fader moves at once, and the stems keep their phases. As made,
blocks pass untouched. Every jump (another tune, a seek, another take) begins a new stretch at the position that is
heard, and one block fades from what would have come to what comes now.
"""

from __future__ import annotations

import numpy as np

from musicapi_desktop.dsp import stretch as vocoder
from musicapi_desktop.dsp.stretch import OVERLAP, shape_of
from musicapi_desktop.dsp.types import Samples

from .mixer import Levels
from .renderer import Renderer
from .track import BLOCK
from .voices import AS_MADE, HALF_PI, Mark, State, Stretch, Voice, Wanted

_MOST_MARKS = 48


class Tuner:
    """Turns a state and what is wanted into ``block`` frames, their levels and the next state.

    ``out`` is ``(block, 2)``, in memory that the next block uses again.
    """

    def __init__(self, block: int = BLOCK) -> None:
        self.block = block
        self._renderer = Renderer(block)
        self._made: Samples = np.empty((block, 2), np.float32)
        self.out = self._made
        rise = (0.5 - 0.5 * np.cos(np.pi * (np.arange(block) + 0.5) / block)).astype(np.float32)
        self._rise: Samples = rise[:, None]

    def render(self, state: State, wanted: Wanted) -> tuple[State, Levels | None]:
        """Fill ``out (block, 2)``; return the state after it and the levels of the wanted track, if it is heard."""
        stretch = state.stretch
        if stretch is None and (wanted.tune == AS_MADE or not _sounds(state, wanted)):
            return self._straight(state, wanted)
        if stretch is None or _jumps(state, wanted):
            return self._anew(state, wanted)
        if stretch.tune != wanted.tune:
            state = state._replace(stretch=stretch._replace(tune=wanted.tune))
        return self._stretched(state, wanted)

    def _straight(self, state: State, wanted: Wanted) -> tuple[State, Levels | None]:
        self.out = self._renderer.out
        return self._renderer.render(state, wanted)

    def _anew(self, state: State, wanted: Wanted) -> tuple[State, Levels | None]:
        """Begin again where the ear is, or where the person went, and fade over."""
        before = self._as_it_was(state)
        moved = wanted.seek[0] != state.wanted.seek[0] or wanted.track is not state.wanted.track
        mark = state.mark
        at = state._replace(stretch=None, voices=(), running=False, at=mark.at, ended=mark.ended)
        track, mix = state.wanted.track, state.wanted.mix
        if mark.running and not moved and track is not None and mix is not None:
            at = at._replace(voices=(Voice(track, mark.at, mix, HALF_PI, 0.0),), running=True)
        if wanted.tune == AS_MADE:
            after, levels = self._straight(at, wanted)
        else:
            after, levels = self._stretched(self._begun(at, wanted), wanted)
        if before is not None:
            self.out -= before
            self.out *= self._rise
            self.out += before
        return after, levels

    def _as_it_was(self, state: State) -> Samples | None:
        """What would have come next, had nothing been asked; None for silence."""
        if state.stretch is not None:
            self._stretched(state, state.wanted)
        elif state.voices:
            self._straight(state, state.wanted)
        else:
            return None
        return self.out.copy()

    def _begun(self, state: State, wanted: Wanted) -> State:
        """Start a stretch whose first frame of output is the song's at ``state.at``, with what came before it."""
        shape, speed = shape_of(wanted.tune.semitones), wanted.tune.speed
        # so much earlier begins what the first frame is made of
        needed = shape.step * speed + shape.span - shape.frame / 2 if state.running else 0.0
        blocks = -int(-needed // self.block)
        first = blocks * self.block
        if blocks:
            at = state.at - first
            voices = tuple(voice._replace(at=at) for voice in state.voices)
            state = state._replace(at=at, voices=voices)
        # the first frames are not complete: what they give is dropped, up to where all that overlap are there
        lead = OVERLAP - 1
        middle = first + (shape.made / 2 - lead * shape.step) * speed
        stretch = Stretch(
            tune=wanted.tune,
            shape=shape,
            phases=vocoder.beginning(shape),
            taken=np.zeros((2, shape.span + 2 * max(self.block, shape.step)), np.float32),
            end=0,
            middle=middle,
            made=np.empty((2, 0), np.float32),
            first=first - lead * shape.step * speed,
            marks=(Mark(-1 << 40, state.at, False, state.ended),),
            quiet=0,
        )
        state = state._replace(stretch=stretch)
        for _ in range(lead):
            state = self._one_more(state, wanted)[0]
        stretch = state.stretch
        dropped = None if stretch is None else stretch._replace(made=stretch.made[:, lead * shape.step :], first=first)
        return state._replace(stretch=dropped)

    def _stretched(self, state: State, wanted: Wanted) -> tuple[State, Levels | None]:
        levels: Levels | None = None
        while state.stretch is not None and state.stretch.made.shape[1] < self.block:
            state, more = self._one_more(state, wanted)
            levels = more or levels
        stretch = state.stretch
        if stretch is None:
            return state, levels
        self.out = self._made
        self.out[:] = stretch.made[:, : self.block].T
        first = stretch.first + self.block * stretch.tune.speed
        state = state._replace(stretch=stretch._replace(made=stretch.made[:, self.block :], first=first))
        drained = stretch.quiet > stretch.shape.span + stretch.shape.frame + 2 * self.block
        return (state._replace(stretch=None) if drained else state), levels

    def _one_more(self, state: State, wanted: Wanted) -> tuple[State, Levels | None]:
        """Make one frame, mixing as much as it needs."""
        levels: Levels | None = None
        stretch = state.stretch
        if stretch is None:
            return state, levels
        last = round(stretch.middle) + stretch.shape.frame // 2
        while stretch.end < last:
            before = state._replace(stretch=None)
            after, more = self._renderer.render(before, wanted)
            levels = more or levels
            silent = not before.voices and not after.voices
            # the state before the block does not know yet what was asked meanwhile
            at = after.at - self.block if after.running else after.at
            mark = Mark(stretch.end, at, after.running, after.ended)
            size = stretch.taken.shape[1]
            taken = np.concatenate((stretch.taken[:, self.block - size :], self._renderer.out.T), axis=1)
            stretch = stretch._replace(
                taken=taken,
                end=stretch.end + self.block,
                marks=(*stretch.marks[-_MOST_MARKS:], mark),
                quiet=stretch.quiet + self.block if silent else 0,
            )
            state = after
        stop = stretch.taken.shape[1] - (stretch.end - last)
        span = stretch.taken[:, stop - stretch.shape.span : stop]
        part, phases = vocoder.frame(stretch.shape, stretch.phases, span, slower=stretch.tune.speed < 1.0)
        stretch = stretch._replace(
            phases=phases,
            middle=stretch.middle + stretch.shape.step * stretch.tune.speed,
            made=np.concatenate((stretch.made, part), axis=1),
        )
        return state._replace(stretch=stretch), levels


def _sounds(state: State, wanted: Wanted) -> bool:
    """Return whether something is heard, or is about to be."""
    asked = wanted.playing and wanted.track is not None and not state.lead
    return bool(state.voices) or (asked and (not state.ended or wanted is not state.wanted))


def _jumps(state: State, wanted: Wanted) -> bool:
    was, stretch = state.wanted, state.stretch
    if wanted.seek[0] != was.seek[0] or wanted.track is not was.track or stretch is None:
        return True
    return wanted.tune == AS_MADE or wanted.tune.semitones != stretch.tune.semitones
