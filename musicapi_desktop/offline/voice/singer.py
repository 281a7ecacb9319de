"""The singer: lines of the score in, one mono voice out, stateless and the same every time."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

import numpy as np

from musicapi_desktop.offline.composer.score import VocalLine
from musicapi_desktop.offline.resources import root
from musicapi_desktop.offline.synth.sound import Floats as Sound32
from musicapi_desktop.offline.synth.sound import add_at, noise

from .bank import Bank, Floats, Sound, load
from .expression import gain_curve, pitch_curve
from .manner import Manner, behind, manner_of
from .phrase import FRAME, Held, Timed, phrases_of, time_phrase
from .vocoder import HOP, RATE, Frames, synthesise

_LEVEL = 9e-5
_LONGEST_LEAD = 0.6
_BREATH_ROOM = 0.4
_BREATH_LENGTH = 0.26
_BREATH_GAIN = 0.22


class Singer:
    """Sings words (the protocol ``synth.vocals.Voice``)."""

    def __init__(self, manner: Manner | None = None) -> None:
        self._manner = manner

    def sing(self, lines: Sequence[VocalLine], gender: str, frames: int) -> Sound32:
        """Sing the lines at their times: mono ``(frames,)``, 48 kHz. ``gender`` is "f" or "m"."""
        out = np.zeros(frames, np.float32)
        free = 0.0
        for line in sorted(lines, key=_start):
            manner = self._manner or manner_of(gender)
            manner = behind(manner) if line.backing else manner
            bank = load(root() / "voices" / f"{manner.bank}.voice")
            for phrase in phrases_of(line):
                at, sound = sing_phrase(phrase, bank, manner, phrase[0].start - free)
                add_at(out, at, sound)
                free = phrase[-1].end
        return out


def _start(line: VocalLine) -> float:
    return min((note.start for syllable in line.syllables for note in syllable.notes), default=0.0)


def sing_phrase(phrase: Sequence[Held], bank: Bank, manner: Manner, rest: float) -> tuple[int, Sound32]:
    """One phrase: the sample it begins at, and its sound. ``rest`` is the silence before its first note, seconds."""
    timed = time_phrase(phrase, bank, min(max(rest, 0.05), _LONGEST_LEAD))
    begin, end = timed.times[0], timed.times[-1]
    at = round(begin * RATE)
    seed = at & 0xFFFFFF
    times = at / RATE + (np.arange(max(2, int((end - begin) / FRAME))) + 0.5) * FRAME
    rows = _rows(timed, times, manner)
    pitch = 440.0 * 2.0 ** ((pitch_curve(phrase, times, manner, seed) - 69.0) / 12.0)
    gain = gain_curve(phrase, timed, times, manner) * np.float32(_LEVEL)
    frames = replace(rows, pitch=pitch.astype(np.float32), gain=gain)
    white = noise(len(times) * HOP, seed)
    sound = synthesise(frames, manner.formants, manner.breath, white)
    if rest > _BREATH_ROOM + (phrase[0].start - begin):
        breath = _breathe(bank, manner, seed)
        return at - len(breath), np.concatenate([breath, sound])
    return at, sound


def _rows(timed: Timed, times: Floats, manner: Manner) -> Frames:
    """The speech's parameters, re-timed."""
    speech = timed.speech
    at = np.clip(timed.at(times), 0, len(speech.voiced) - 1.001)
    low = at.astype(np.int64)
    part = (at - low)[:, None].astype(np.float32)
    cepstra = speech.cepstra[low] * (1 - part) + speech.cepstra[low + 1] * part
    strengths = speech.strengths[low] * (1 - part) + speech.strengths[low + 1] * part
    voiced = speech.voiced[low] * (1 - part[:, 0]) + speech.voiced[low + 1] * part[:, 0]
    if manner.sharp != 1.0:
        cepstra[:, 2:] *= np.float32(manner.sharp)
    empty = np.zeros(len(at), np.float32)
    return Frames(cepstra, strengths, voiced, empty, empty)


def _breathe(bank: Bank, manner: Manner, seed: int) -> Sound32:
    """A breath in: the sound of h, swelling and cut off."""
    speech = bank.say([Sound("hh", False), Sound("ah", False)])
    count = int(_BREATH_LENGTH / FRAME)
    row = np.full(count, (speech.bounds[1] + speech.bounds[2]) // 2)
    share = np.linspace(0.0, 1.0, count, dtype=np.float32)
    swell = np.sin(np.pi * share**1.6) ** 2
    zeros = np.zeros(count, np.float32)
    frames = Frames(
        speech.cepstra[row],
        speech.strengths[row] * 0,
        zeros,
        zeros + 100,
        (swell * _LEVEL * _BREATH_GAIN).astype(np.float32),
    )
    sound = synthesise(frames, manner.formants, 1.0, noise(count * HOP, seed + 1))
    return np.concatenate([sound, np.zeros(round(0.05 * RATE), np.float32)])


def vowel_times(line: VocalLine, gender: str) -> Iterator[tuple[float, float]]:
    """When each syllable's vowel begins and ends, seconds, as the singer sings it."""
    bank = load(root() / "voices" / f"{manner_of(gender).bank}.voice")
    for phrase in phrases_of(line):
        yield from time_phrase(phrase, bank, _LONGEST_LEAD).vowels
