"""What a worker can do: one function per job, JSON in and JSON out.

Every job names what to ``do``; the functions say what else they read. The music is a module with the functions of
offline/engine.py, so that tests can bring their own.
"""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol, cast

from musicapi_desktop.offline.engine import (
    Analysis,
    Brief,
    Cancel,
    MadeStem,
    MadeTake,
    Material,
    PlayedNote,
    Preview,
    Progress,
    Unsuitable,
    engine_version,
)
from musicapi_desktop.wire.values import Json, flag, items, mapping, number, text

from . import masters
from .materials import stage
from .records import PREVIEW

_LONGEST = 480.0
_MAKING = 0.85  # the rest of a take's time goes into its MP3


class Tell(Protocol):
    """Tells the server how far a job is."""

    def __call__(self, share: float, /) -> None:
        """Tell the share done, 0-1."""
        ...

    def news(self) -> None:
        """Tell at once that there is something to be looked at."""
        ...


class Music(Protocol):
    """The functions of offline/engine.py, where each is explained."""

    make_take: Callable[[Brief, Path, Progress, Cancel, Preview | None], MadeTake]
    analyse: Callable[[Path, Path, Progress, Cancel], Analysis]
    separate: Callable[[Material, Path, Progress, Cancel], tuple[MadeStem, ...]]
    vox: Callable[[Material, Path, float, float], Path]
    persona_of: Callable[[Material, float | None, float | None], dict[str, object]]
    voice_of: Callable[[Path], dict[str, object]]
    midi_notes: Callable[[Material], tuple[tuple[str, tuple[PlayedNote, ...]], ...]]
    write_lyrics: Callable[[str, int], tuple[tuple[str, str], tuple[str, str]]]
    upsample_tags: Callable[[str], str]


@dataclass(frozen=True, slots=True)
class Job:
    """One job: what is ``asked``, who makes the music, and whom to tell."""

    asked: Json
    music: Music
    tell: Tell
    cancelled: Cancel

    def path(self, key: str) -> Path:
        """Return a path of the job."""
        return Path(text(self.asked.get(key)))

    @property
    def work(self) -> Path:
        """Room for what is only needed during the job; the worker clears it."""
        scratch = text(self.asked.get("scratch"))
        return Path(scratch) if scratch else self.path("folder") / "work"

    def source(self, place: int = 0) -> Material:
        """Return the ``place``-th clip the job works on."""
        return stage(mapping(items(self.asked.get("sources"))[place]), self.work / f"source {place}")

    def progress(self, least: float = 0.0, most: float = 1.0) -> Progress:
        """Return a listener that puts 0-1 into a part of the job."""
        return lambda share, _word: self.tell(least + share * (most - least))


def make_take(job: Job) -> Json:
    """``folder``, ``brief``, ``sources``; ``full``: the folder of the whole song where one is wanted too.

    ``whole``: the whole song is wanted instead of the new part.
    """
    folder, out = job.path("folder"), job.work / "take"

    def preview(path: Path) -> None:
        part = folder / f"{PREVIEW}.part"
        shutil.copyfile(path, part)
        part.replace(folder / PREVIEW)
        job.tell.news()

    out.mkdir(parents=True)
    made = job.music.make_take(_brief(job), out, job.progress(0, _MAKING), job.cancelled, preview)
    if made.full is not None and flag(job.asked.get("whole")):
        made = made.full
    told = _keep(made, folder, job.progress(_MAKING, 1))
    if made.full is not None and text(job.asked.get("full")):
        told["full"] = _keep(made.full, job.path("full"), job.progress(_MAKING, 1))
    (folder / PREVIEW).unlink(missing_ok=True)
    return told


def _brief(job: Job) -> Brief:
    said = mapping(job.asked.get("brief"))
    texts = (
        "title", "lyrics", "description", "tags", "negative_tags", "vocal_gender", "operation", "section_lyrics",
        "variation",
    )  # fmt: skip
    persona = mapping(said.get("persona"))
    return Brief(
        **{name: text(said.get(name)) for name in texts},
        duration=number(said.get("duration")),
        weirdness=number(said.get("weirdness")),
        style_weight=number(said.get("style_weight")),
        start=number(said.get("start")),
        end=number(said.get("end")),
        audio_weight=number(said.get("audio_weight")),
        instrumental=flag(said.get("instrumental")) or False,
        join=flag(said.get("join")) or False,
        seed=cast("int", said.get("seed")),
        take=cast("int", said.get("take")),
        persona=dict(persona) if persona else None,
        sources=tuple(job.source(place) for place in range(len(items(job.asked.get("sources"))))),
    )


def _keep(made: MadeTake, folder: Path, progress: Progress) -> dict[str, object]:
    folder.mkdir(parents=True, exist_ok=True)
    stems = _keep_stems(made.stems, folder)
    made.mix.replace(folder / "mix.wav")
    made.score.replace(folder / "score.json")
    seconds = masters.make_mp3([folder / "mix"], folder / "clip.mp3", lambda share: progress(share, ""))
    return {
        "title": made.title, "lyrics": made.lyrics, "tags": made.tags, "bpm": made.bpm, "key": made.key,
        "seconds": seconds, "stems": stems, "engine": engine_version(),
    }  # fmt: skip


def _keep_stems(stems: Sequence[MadeStem], folder: Path) -> list[Json]:
    kept: list[Json] = []
    for place, stem in enumerate(stems, 1):
        name = f"{place:02d} {re.sub(r'[^A-Za-z0-9 ]+', '', stem.name)}"
        stem.path.replace(folder / f"{name}.wav")
        kept.append({"name": stem.name, "file": name, "silent": stem.silent, "draft": stem.draft})
    return kept


def make_mp3(job: Job) -> Json:
    """``masters``, ``target``; ``shared`` names a file that all silent clips of a take are copies of."""
    sources = [Path(text(entry)) for entry in items(job.asked.get("masters"))]
    target, shared = job.path("target"), text(job.asked.get("shared"))
    if not shared:
        return {"seconds": masters.make_mp3(sources, target, job.tell)}
    # silence takes as long to encode as music, and all silent stems of a take are the same
    if not Path(shared).exists():
        masters.make_mp3(sources[:1], target, job.tell)
        shutil.copyfile(target, f"{target}.shared")
        Path(f"{target}.shared").replace(shared)
    shutil.copyfile(shared, target)
    return {"seconds": masters.length(target)}


def make_silence(job: Job) -> Json:
    """``like``: a master; ``target``: the WAV of nothing, as long as that one."""
    masters.make_silence(job.path("like"), job.path("target"))
    return {}


def archive(job: Job) -> Json:
    """``master``."""
    masters.archive(job.path("master"))
    return {}


def take_in(job: Job) -> Json:
    """``audio``, ``folder``: make a clip of a recording from outside, ``least`` to ``most`` seconds long."""
    folder = job.path("folder")
    audio = _checked(job)
    masters.make_master(audio, folder / "mix.wav", lambda share: job.tell(share * 0.3))
    heard = job.music.analyse(folder / "mix.wav", folder, job.progress(0.3, 0.7), job.cancelled)
    seconds = masters.make_mp3([folder / "mix"], folder / "clip.mp3", lambda share: job.tell(0.7 + share * 0.3))
    return {
        "seconds": seconds, "bpm": heard.bpm, "slowest": heard.slowest, "fastest": heard.fastest, "key": heard.key,
        "voice": heard.has_voice,
    }  # fmt: skip


def _checked(job: Job) -> Path:
    least, most = number(job.asked.get("least")) or 0.0, number(job.asked.get("most")) or _LONGEST
    job.work.mkdir(parents=True, exist_ok=True)
    try:
        audio = masters.readable(job.path("audio"), job.work, most + 1)
        seconds = masters.length(audio)
    except RuntimeError as error:  # the decoders' own; a file that is not there is an OSError
        raise Unsuitable("This file cannot be read as sound.") from error
    if not least <= seconds <= most:
        raise Unsuitable(f"This recording is {seconds:.1f} s long; {least:g} to {most:g} s are taken.")
    return audio


def separate(job: Job) -> Json:
    """``folder``, ``sources``: take the one source apart; its stems go into ``folder``."""
    out = job.work / "stems"
    out.mkdir(parents=True)
    stems = job.music.separate(job.source(), out, job.progress(), job.cancelled)
    return {"stems": _keep_stems(stems, job.path("folder"))}


def vox(job: Job) -> Json:
    """``sources``, ``start``, ``end``: make sure that somebody sings there."""
    job.work.mkdir(parents=True, exist_ok=True)
    start, end = number(job.asked.get("start")) or 0.0, number(job.asked.get("end")) or 0.0
    job.music.vox(job.source(), job.work, start, end)
    return {}


def persona(job: Job) -> Json:
    """``sources``, ``start``, ``end``."""
    start, end = number(job.asked.get("start")), number(job.asked.get("end"))
    return {"data": job.music.persona_of(job.source(), start, end)}


def voice(job: Job) -> Json:
    """``audio``."""
    return {"data": job.music.voice_of(_checked(job))}


def notes(job: Job) -> Json:
    """``sources``."""
    return {
        "instruments": [
            {
                "name": name,
                "notes": [{"start": n.start, "end": n.end, "pitch": n.pitch, "velocity": n.velocity} for n in played],
            }
            for name, played in job.music.midi_notes(job.source())
        ]
    }


def lyrics(job: Job) -> Json:
    """``description``, ``seed``."""
    written = job.music.write_lyrics(text(job.asked.get("description")), cast("int", job.asked.get("seed")))
    return {"results": [{"title": title, "lyrics": words} for title, words in written]}


def tags(job: Job) -> Json:
    """``tags``."""
    return {"tags": job.music.upsample_tags(text(job.asked.get("tags")))}


JOBS: Mapping[str, Callable[[Job], Json]] = {
    "take": make_take,
    "mp3": make_mp3,
    "silence": make_silence,
    "archive": archive,
    "take in": take_in,
    "separate": separate,
    "vox": vox,
    "persona": persona,
    "voice": voice,
    "notes": notes,
    "lyrics": lyrics,
    "tags": tags,
}
"""Every job by its name."""
