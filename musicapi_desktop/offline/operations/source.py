"""What an operation works on: a clip's sound, its stems and its score, made here or recorded elsewhere."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from musicapi_desktop.offline.composer.score import Score
from musicapi_desktop.offline.composer.score_file import ScoreUnreadable, read_score
from musicapi_desktop.offline.engine import Brief, Material, Unsuitable
from musicapi_desktop.offline.synth.sound import Floats
from musicapi_desktop.offline.synth.tape import frames_in, read

from .bench import Bench


@dataclass(frozen=True, slots=True)
class Source:
    """A clip: 48 kHz stereo files, of the stems only those that sound.

    Of a recording the ``beats`` as they fall (the first is the score's bar 0), and whether a voice is ``alone`` in it.
    """

    score: Score
    mix: Path
    stems: dict[str, Path]
    beats: tuple[float, ...] = ()
    alone: bool = False

    @property
    def frames(self) -> int:
        """Length in frames."""
        return frames_in(self.mix)

    def real(self, at: float) -> float:
        """The time in the recording of a time on the score's even grid of beats."""
        if len(self.beats) < 2:
            return at
        place = (at - self.score.offset) * self.score.bpm / 60.0
        low = min(len(self.beats) - 2, max(0, int(place)))
        return self.beats[low] + (place - low) * (self.beats[low + 1] - self.beats[low])

    def stem(self, name: str, begin: int = 0, end: int | None = None) -> Floats | None:
        """Frames of a stem ``(2, n)``; None where it is silent."""
        path = self.stems.get(name)
        return None if path is None else read(path, begin, end)


def open_source(material: Material, bench: Bench, words: str = "") -> Source:
    """A clip made ready. A recording is listened to and taken apart first, in the bench's folder.

    ``words`` may name the style in which a recording goes on. Raises Unsuitable where the clip cannot be worked on.
    """
    if material.score is None:
        from .uploads import listen

        return listen(material, bench, words)
    try:
        score = read_score(material.score)
    except ScoreUnreadable as error:
        raise Unsuitable("The notes of this song cannot be read any more.") from error
    stems = {stem.name: stem.path for stem in material.stems if not stem.silent}
    if not stems:
        raise Unsuitable("The stems of this song are gone, so it cannot be worked on.")
    return Source(score, material.mix, stems)


def first_of(brief: Brief) -> Material:
    """The clip a brief works on. Raises Unsuitable where it names none."""
    if not brief.sources:
        raise Unsuitable("Choose a song first.")
    return brief.sources[0]


def clipped(score: Score, start: float | None, end: float | None, least: float) -> tuple[float, float]:
    """Two times within a song, at least ``least`` seconds apart. Raises Unsuitable where it is shorter."""
    begin = min(max(0.0, start or 0.0), score.seconds)
    stop = min(max(begin, score.seconds if end is None else end), score.seconds)
    if stop - begin < least:
        raise Unsuitable(f"Choose at least {least:g} seconds of the song.")
    return begin, stop
