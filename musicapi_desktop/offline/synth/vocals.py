"""The seam of the voice: sung lines in, one mono signal out.

``ChoirVoice`` hums the tune with the bank's voices, without words. A singer that knows words takes its place by
having the same one method.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

import numpy as np

from musicapi_desktop.offline.composer.score import Note, VocalLine

from .filters import Tone
from .sampler import Sampler
from .sound import Floats
from .soundfont import SoundFont

_OOH, _AAH = 53, 52
_TONE = Tone(low_cut=140, presence=2)


class Voice(Protocol):
    """Whoever sings."""

    def sing(self, lines: Sequence[VocalLine], gender: str, frames: int) -> Floats:
        """Sing the lines at their times: mono ``(frames,)``, 48 kHz. ``gender`` is "f" or "m"."""
        ...


class ChoirVoice:
    """Wordless voices: a soft ooh, and an aah over it where the tune rises."""

    def __init__(self, font: SoundFont) -> None:
        self._ooh = Sampler(font, 0, _OOH, _TONE)
        self._aah = Sampler(font, 0, _AAH, _TONE)

    def sing(self, lines: Sequence[VocalLine], gender: str, frames: int) -> Floats:
        """Hum the lines."""
        del gender  # the pitches already lie where the voice is
        notes = [note for line in lines for note in _joined(line)]
        notes.sort(key=lambda note: note.start)
        sound = self._ooh.render(notes, frames).mean(0)
        sound += self._aah.render(notes, frames).mean(0) * np.float32(0.8)
        return sound


def _joined(line: VocalLine) -> list[Note]:
    """A line's notes, each held a little into the next so that they flow."""
    notes = [note for syllable in line.syllables for note in syllable.notes]
    return [
        Note(note.start - 0.02, note.length + (0.06 if index + 1 < len(notes) else 0.12), note.pitch, note.velocity)
        for index, note in enumerate(notes)
    ]
