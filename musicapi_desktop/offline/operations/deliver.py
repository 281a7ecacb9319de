"""Stems become a take: put aside, mastered, written, told."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from musicapi_desktop.offline.composer.score import Score
from musicapi_desktop.offline.engine import MadeStem, MadeTake
from musicapi_desktop.offline.stem_names import STEM_NAMES, stem_file
from musicapi_desktop.offline.synth.master import Job, automation, level, master
from musicapi_desktop.offline.synth.render import Players, preview, render
from musicapi_desktop.offline.synth.shelf import Shelf
from musicapi_desktop.offline.synth.sound import Floats, frames_of

from .bench import Bench


def played(score: Score, bench: Bench) -> MadeTake:
    """Render a whole score and write all its files."""
    players = Players()
    if bench.preview is not None:
        heard_first = bench.folder / "preview.wav"
        preview(score, heard_first, players, bench.check)
        bench.preview(heard_first)
    leveled, silent = render(score, bench.folder, players, (bench.part(0.05, 1.0).tell, bench.check))
    return told(leveled, bench, silent)


def mixed(score: Score, stems: Iterable[tuple[str, Floats | None]], bench: Bench, *, finished: bool) -> MadeTake:
    """Master stems ``(2, n)`` that come one by one and write the take; a name may come twice, its sounds are added.

    ``finished`` material has been mastered before: it is brought to loudness, not pressed again.
    """
    shelf = Shelf(bench.folder, frames_of(score.seconds))
    for place, (name, sound) in enumerate(stems):
        bench.check()
        bench.tell(min(0.7, 0.06 * place), name)
        shelf.put(name, sound)
    bench.tell(0.75, "mastering")
    base = level(shelf.frames) if finished else automation(score, shelf.frames)
    done = master(Job(shelf.total, bench.check, shelf.tops), base, press=not finished)
    bench.tell(0.9, "writing")
    silent = shelf.write(done.gains)
    return told(replace(score, makeup=done.makeup), bench, silent)


def told(score: Score, bench: Bench, silent: frozenset[str]) -> MadeTake:
    """Write the score; what lies in the folder, as the seam tells it."""
    folder = bench.folder
    score.write(folder / "score.json")
    return MadeTake(
        title=score.title,
        lyrics=score.lyrics,
        tags=score.tags,
        seconds=score.seconds,
        bpm=score.bpm,
        key=score.key,
        mix=folder / "mix.wav",
        stems=tuple(MadeStem(name, folder / stem_file(name), name in silent) for name in STEM_NAMES),
        score=folder / "score.json",
    )
