"""One section of a song made anew; every other sample stays as it was."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np

from musicapi_desktop.offline.composer.excerpt import excerpt
from musicapi_desktop.offline.composer.score import Score, rounded
from musicapi_desktop.offline.composer.sequel import replaced
from musicapi_desktop.offline.engine import Brief, MadeTake
from musicapi_desktop.offline.resources import root
from musicapi_desktop.offline.stem_names import STEM_NAMES, stem_file
from musicapi_desktop.offline.synth import dynamics
from musicapi_desktop.offline.synth.balance import loudness
from musicapi_desktop.offline.synth.master import Job, level, master
from musicapi_desktop.offline.synth.render import Players, mastered_between, render_between
from musicapi_desktop.offline.synth.shelf import WavWriter, blocks, write_silence
from musicapi_desktop.offline.synth.sound import RATE, Floats, frames_of, gain
from musicapi_desktop.offline.synth.tape import SEAM, ramp, read

from .bench import Bench
from .deliver import mixed, told
from .extend import more_of
from .source import Source, clipped, first_of, open_source

_BEFORE_THE_BAR = 0.03


def replace_section(brief: Brief, bench: Bench) -> MadeTake:
    """A new section between ``start`` and ``end`` of the first source; ``full`` holds it in its place."""
    source = open_source(first_of(brief), bench.part(0.0, 0.2), brief.tags)
    times = clipped(source.score, brief.start, brief.end, 1.0)
    more = more_of(brief, brief.section_lyrics)
    whole, (begin, end) = replaced(source.score, times, more, root() / "styles")
    begin, end = max(0.0, begin - _BEFORE_THE_BAR), min(source.score.seconds, end - _BEFORE_THE_BAR)
    stems, balance = render_between(whole, (begin, end), Players(), bench.check)
    begin = max(0.0, source.real(begin))
    whole = replace(whole, levels=balance.gains)
    stems = _as_loud(stems, source, whole, begin, bench)
    part = replace(excerpt(whole, begin, end), attaches_at=rounded(begin), lyrics=brief.section_lyrics)
    faded = ((name, _soft_ends(sound)) for name, sound in stems.items())
    made = mixed(part, faded, bench.part(0.5, 0.8), finished=True)
    if not brief.join:
        return made
    return replace(made, full=_in_place(source, whole, stems, frames_of(begin), bench.part(0.8, 1.0).within("full")))


def _as_loud(stems: dict[str, Floats], source: Source, whole: Score, begin: float, bench: Bench) -> dict[str, Floats]:
    """The new section under the song's own master, or as loud as what it replaces where that is not known."""
    count = next(iter(stems.values())).shape[1] if stems else 0
    total = np.zeros((2, count), np.float32)
    for sound in stems.values():
        total += sound
    if source.score.levels and not source.score.recorded:
        gains = mastered_between(whole, total, begin, bench.check).gains
    else:
        first = frames_of(begin)
        old, new = loudness(read(source.mix, first, first + count)), loudness(total)
        step = old - new if min(old, new) > -60.0 else 0.0
        gains = master(Job(total, bench.check), level(count) * np.float32(gain(step)), press=False, makeup=0.0).gains
    for sound in stems.values():
        dynamics.apply(sound, gains)
    return stems


def _soft_ends(sound: Floats) -> Floats:
    seam = min(SEAM, sound.shape[1])
    soft = sound.copy()
    soft[:, :seam] *= ramp(seam)
    soft[:, soft.shape[1] - seam :] *= ramp(seam)[::-1]
    return soft


def _in_place(source: Source, whole: Score, stems: dict[str, Floats], begin: int, bench: Bench) -> MadeTake:
    """The whole song: outside the section each file's samples are those of the source."""
    frames = source.frames
    silent: set[str] = set()
    total = np.zeros_like(next(iter(stems.values())))
    for name in STEM_NAMES:
        bench.check()
        new = stems.get(name)
        if new is None and name not in source.stems:
            silent.add(name)
            write_silence(bench.folder / stem_file(name), frames)
            continue
        new = np.zeros_like(total) if new is None else new
        total += new
        _patched(source.stems.get(name), (frames, begin, new), bench.folder / stem_file(name))
    _patched(source.mix, (frames, begin, total), bench.folder / "mix.wav")
    return told(replace(whole, seconds=round(frames / RATE, 5)), bench, frozenset(silent))


def _patched(old: Path | None, what: tuple[int, int, Floats], target: Path) -> None:
    """Copy a file (None: silence) with a stretch replaced, ramped at both seams within the stretch."""
    frames, begin, new = what
    end = begin + new.shape[1]
    share = np.ones(new.shape[1], np.float32)
    seam = min(SEAM, new.shape[1] // 2)
    share[:seam], share[len(share) - seam :] = ramp(seam), ramp(seam)[::-1]
    with WavWriter(target) as file:
        for start, stop in blocks(frames):
            block = np.zeros((2, stop - start), np.float32) if old is None else read(old, start, stop)
            first, last = max(start, begin), min(stop, end)
            if first < last:
                here, there = slice(first - start, last - start), slice(first - begin, last - begin)
                block[:, here] = block[:, here] * (1.0 - share[there]) + new[:, there] * share[there]
            file.write(block)
