"""A score becomes sound on disk: stems one after the other, then the master. Memory holds one stem and the sum."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path

from musicapi_desktop.offline.composer.excerpt import excerpt
from musicapi_desktop.offline.composer.score import Score
from musicapi_desktop.offline.resources import root
from musicapi_desktop.offline.stem_names import STEM_NAMES
from musicapi_desktop.offline.voice.manner import manner_from
from musicapi_desktop.offline.voice.singer import Singer

from .balance import Balance
from .master import Job, Mastered, automation, master
from .shelf import Shelf, WavWriter
from .sound import Floats, frames_of
from .soundfont import SoundFont
from .stems import Studio, render_stem

Watch = tuple[Callable[[float, str], None], Callable[[], None]]
"""Told the share done and a word; and asked whether to go on (raises where not)."""

PREVIEW_SECONDS = 12.0
_LEAD_IN = 3.0


@dataclass(slots=True)
class Players:
    """The sound bank and the singer, opened once per operation."""

    font: SoundFont = field(default_factory=lambda: SoundFont(root() / "bank" / "bank.sf3"))

    def studio(self, score: Score, known: Balance) -> Studio:
        """Who plays a score."""
        return self.font, Singer(manner_from(score.manner)), known


def render(score: Score, folder: Path, players: Players, watch: Watch) -> tuple[Score, frozenset[str]]:
    """Write ``mix.wav`` and the twelve stems; returns the score with its levels, and the names of the silent stems."""
    progress, check = watch
    balance = Balance(score.levels)
    shelf = Shelf(folder, frames_of(score.seconds))
    studio = players.studio(score, balance)
    for place, name in enumerate(STEM_NAMES):
        check()
        progress(0.72 * place / len(STEM_NAMES), name)
        shelf.put(name, render_stem(score, name, studio, check))
    progress(0.78, "mastering")
    done = master(Job(shelf.total, check, shelf.tops), automation(score, shelf.frames))
    check()
    progress(0.9, "writing")
    silent = shelf.write(done.gains)
    return replace(score, levels=balance.gains, makeup=done.makeup), silent


def preview(score: Score, path: Path, players: Players, check: Callable[[], None]) -> None:
    """Write the first seconds of a score as a WAV that can be heard while the rest is made."""
    part = excerpt(score, 0.0, min(PREVIEW_SECONDS, score.seconds))
    studio = players.studio(part, Balance(score.levels))
    frames = frames_of(part.seconds)
    shelf = Shelf(path.parent, frames)
    for name in STEM_NAMES:
        check()
        sound = render_stem(part, name, studio, check)
        if sound is not None:
            shelf.total += sound
    done = master(Job(shelf.total, check), automation(part, frames, fade=False))
    with WavWriter(path) as file:
        from . import dynamics

        file.write(shelf.total * dynamics.curve(done.gains, 0, frames))


def render_between(
    score: Score, times: tuple[float, float], players: Players, check: Callable[[], None]
) -> tuple[dict[str, Floats], Balance]:
    """The stems between two times ``(2, frames)``, before mastering, with what still rings from before.

    Tracks the score knows the level of are as loud as in the take; silent stems are left out.
    """
    begin, end = times
    lead_in = min(_LEAD_IN, max(0.0, begin))
    part = excerpt(score, begin - lead_in, end)
    balance = Balance(score.levels)
    studio = players.studio(part, balance)
    skipped, frames = frames_of(lead_in), frames_of(end) - frames_of(begin)
    found: dict[str, Floats] = {}
    for name in STEM_NAMES:
        check()
        sound = render_stem(part, name, studio, check)
        if sound is not None and sound.any():
            found[name] = sound[:, skipped : skipped + frames]
    return found, balance


def mastered_between(score: Score, total: Floats, begin: float, check: Callable[[], None]) -> Mastered:
    """The master of a stretch of the take, as loud as the take itself."""
    part = excerpt(score, begin, begin + total.shape[1] / 48_000)
    return master(Job(total, check), automation(part, total.shape[1], fade=False), makeup=score.makeup)
