"""One block of the transport: what was asked for becomes voices, and the voices become sound."""

from __future__ import annotations

import numpy as np

from musicapi_desktop.dsp.types import Samples

from .mixer import Levels, Mixer
from .track import BLOCK, Gains, Track
from .voices import (
    HALF_PI,
    LOOP_FADE,
    SEEK_FADE,
    State,
    Voice,
    Wanted,
    jump,
    moved,
    released,
    started,
    until_fades_end,
)


class Renderer:
    """Turns a state and what is wanted into ``block`` frames, their levels and the next state. Owns its memory."""

    def __init__(self, block: int = BLOCK) -> None:
        self.block = block
        self.out: Samples = np.empty((block, 2), np.float32)
        self._mixer = Mixer(block)
        self._measured: Samples | None = None

    def render(self, state: State, wanted: Wanted) -> tuple[State, Levels | None]:
        """Fill ``out (block, 2)``; return the state after it and the levels of the wanted track, if it is heard."""
        self._measured = None
        state = self._follow(state, wanted)
        state = self._one_voice(state, self.out) if self._is_plain(state) else self._fill(state, self.out)
        levels = self._levels(self.out)
        return self._finish(state, self.out), levels

    def _follow(self, state: State, wanted: Wanted) -> State:
        """Turn what was asked since the last block into voices."""
        old = state.wanted
        if wanted is not old:
            state = self._obey(state, old, wanted)
        track = wanted.track
        asked = wanted.playing and not state.lead and not state.ended
        can = asked and track is not None and self._ready(track, state.at)
        if can and not state.running and track is not None and wanted.mix is not None:
            state = started(state, track, state.at, wanted.mix, SEEK_FADE)
        elif state.running and not can:
            state = released(state, SEEK_FADE)
        return state

    def _obey(self, state: State, old: Wanted, wanted: Wanted) -> State:
        state = State(wanted, *state[1:])
        sought = wanted.seek[0] != old.seek[0]
        if sought:
            state = jump(state, wanted.seek[1], SEEK_FADE)._replace(ended=0)
        elif wanted.track is not old.track:
            state = jump(state, state.at, wanted.take_fade)
        elif wanted.loop != old.loop and wanted.loop and old.loop and old.loop[0] <= state.at < old.loop[1]:
            start, end = wanted.loop
            if state.at >= end:
                state = jump(state, start, SEEK_FADE)
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
        inside = wanted.track is not None and end <= wanted.track.frames and state.voices[0].angle == HALF_PI
        return inside and (wanted.loop is None or end <= wanted.loop[1] - LOOP_FADE or state.at >= wanted.loop[1])

    def _one_voice(self, state: State, out: Samples) -> State:
        """Do what ``_fill`` does for a plain block, which nearly all are, without its bookkeeping."""
        voice = state.voices[0]
        self._voice(state.wanted, voice, out, 0)
        at = state.at + self.block
        voice = Voice(voice.track, at, voice.mix, HALF_PI, 0.0)
        rest = state.stretch, state.lead, state.led, state.ticks
        return State(state.wanted, (voice,), True, at, state.volume, state.mono, state.ended, *rest)

    def _fill(self, state: State, out: Samples) -> State:
        done = 0
        while done < self.block:
            count = self.block - done
            if state.running:
                state, count = self._bounded(state, count)
            count = until_fades_end(state.voices, count)
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
                state = jump(state, state.at - (end - start), fade)
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
            later = moved(voice, count)
            if later is not None:
                voices.append(later)
        return state._replace(voices=tuple(voices), at=state.at + count if state.running else state.at)

    def _voice(self, wanted: Wanted, voice: Voice, part: Samples, offset: int) -> None:
        mix = wanted.mix
        if mix is None or voice.track is not wanted.track:
            self._mixer.steady(voice.track, voice.at, voice.mix, part)
        else:
            if voice.mix is mix:
                rows = self._mixer.steady(voice.track, voice.at, mix, part)
            elif voice.mix.ranges == mix.ranges:
                rows = self._mixer.ramped(voice.track, voice.at, (voice.mix, mix), part, offset)
            else:
                rows = self._mixer.blended(voice.track, voice.at, (voice.mix, mix), part, offset)
            if voice.slope >= 0.0:
                self._measure(rows, mix.gains)
        if voice.slope or voice.angle < HALF_PI:
            self._mixer.faded(part, voice.angle, voice.slope)

    def _measure(self, rows: Samples, gains: Gains) -> None:
        peaks = self._mixer.levels(rows, gains)
        self._measured = peaks if self._measured is None else np.maximum(peaks, self._measured)

    def _levels(self, out: Samples) -> Levels | None:
        if self._measured is None:
            return None
        left, right = self._mixer.sides(out)
        return Levels(self._measured, left, right)

    def _finish(self, state: State, out: Samples) -> State:
        """Apply mono and volume; settle the gains."""
        wanted = state.wanted
        mix = wanted.mix
        mono = 1.0 if mix is not None and mix.mono else 0.0
        if mono or state.mono:
            self._mixer.narrowed(out, state.mono, mono)
        self._mixer.scaled(out, state.volume, wanted.volume)
        voices = state.voices
        for voice in voices:
            if voice.mix is not mix and mix is not None:
                voices = tuple(
                    Voice(v.track, v.at, mix, v.angle, v.slope) if v.track is wanted.track else v for v in voices
                )
                break
        rest = state.stretch, state.lead, state.led, state.ticks
        return State(wanted, voices, state.running, state.at, wanted.volume, mono, state.ended, *rest)
