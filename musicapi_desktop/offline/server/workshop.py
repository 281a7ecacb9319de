"""How clips are made: the jobs of each, and what their outcomes say. Knows no money and no tasks' ends."""

from __future__ import annotations

import asyncio
import logging
import uuid
from collections.abc import Callable, Mapping
from dataclasses import asdict, replace
from pathlib import Path
from typing import Final

from musicapi_desktop.offline.stem_names import STEM_NAMES
from musicapi_desktop.wire.values import Json, flag, items, mapping, number, text

from .cabinet import Cabinet
from .crew import Crew, Urgency
from .lane import WorkFailed
from .manner import Manner
from .records import ClipRecord, Order, State, TaskRecord, read_stem

log = logging.getLogger(__name__)

_VOCALS: Final = ("Vocals", "Backing Vocals")
_RHYTHM: Final = ("Drums", "Percussion")
_SILENCE: Final = "silence"


def _rest(*taken: str) -> tuple[str, ...]:
    return tuple(name for name in STEM_NAMES if name not in taken)


_BASIC_2: Final = {"Vocals": _VOCALS, "Instrumental": _rest(*_VOCALS)}
_BASIC_4: Final = {"Vocals": _VOCALS, "Drums": _RHYTHM, "Bass": ("Bass",), "Other": _rest(*_VOCALS, *_RHYTHM, "Bass")}
_FULL_12: Final = {name: (name,) for name in STEM_NAMES}
# the names of the 24 are not known; a second of each kind that has nothing to play keeps the sum right
_FULL_24: Final = _FULL_12 | {f"{name} 2": () for name in STEM_NAMES}


def split_of(manner: Manner, *, full: bool) -> Mapping[str, tuple[str, ...]]:
    """Return what a split delivers, by name, and the canonical stems each adds up."""
    if full:
        return _FULL_24 if manner.speaks("stems-full-24") else _FULL_12
    return _BASIC_4 if manner.speaks("stems-basic-4") else _BASIC_2


class Workshop:
    """Makes clips. Every method that works raises WorkFailed, Unsuited or OSError."""

    def __init__(self, cabinet: Cabinet, crew: Crew, manner: Manner) -> None:
        self._cabinet = cabinet
        self._crew = crew
        self._manner = manner
        self._separating: dict[str, asyncio.Lock] = {}
        self.progress: dict[str, float] = {}
        """The share (0-1) of each clip that is being made at this moment."""

    async def ask(self, job: Json, urgency: Urgency = Urgency.ANSWERS) -> Json:
        """Do a job that belongs to no clip and return its outcome."""
        scratch = str(self._cabinet.scratch / uuid.uuid4().hex)
        return await self._crew.run(urgency, {"scratch": scratch, **job}, lambda _share: None)

    def source(self, clip: ClipRecord) -> Json:
        """Return a finished clip as jobs take it (materials.py)."""
        folder = self._cabinet.folder(clip.owner)
        own = not clip.stem_type
        return {
            "folder": str(folder),
            "masters": [str(master) for master in self.masters(clip)],
            "stems": [{**asdict(stem), "file": str(folder / stem.file)} for stem in clip.stems if own],
            "score": str(folder / "score.json") if own and not clip.uploaded else "",
            "seconds": clip.seconds,
        }

    def masters(self, clip: ClipRecord) -> list[Path]:
        """The masters that add up to a clip, without their extension."""
        folder = self._cabinet.folder(clip.owner)
        return [folder / part for part in clip.parts]

    async def take(self, clip: ClipRecord, task: TaskRecord, note: Callable[[float], None]) -> list[ClipRecord]:
        """Make one take; a second record is the whole song where one was wanted too."""
        order = task.order
        if order is None:
            raise WorkFailed("The order of this clip is lost.")
        sources = [self._cabinet.clips.get(clip_id) for clip_id in order.sources]
        if not all(source is not None and source.state is State.SUCCEEDED for source in sources):
            raise WorkFailed("A song this one was to be made from is lost.")
        job: dict[str, object] = {
            "do": "take",
            "brief": {**_brief(order), "take": clip.position, "persona": self._persona(order)},
            "sources": [self.source(source) for source in sources if source is not None],
            "full": str(self._cabinet.folder(clip.full)) if clip.full else "",
            "whole": task.system == "producer",
        }
        made = await self._do(Urgency.TAKES, clip, job, note)
        whole = mapping(made.get("full"))
        records = [_taken(replace(clip, clip_id=clip.full, full="", position=0), whole)] if whole else []
        return [*records, _taken(clip, made)]

    def _persona(self, order: Order) -> Json | None:
        voice = self._cabinet.voices.get(order.persona_id)
        if voice is None:
            if order.persona_id:
                raise WorkFailed("The voice this song was to be sung with is lost.")
            return None
        return voice.data

    async def take_in(self, clip: ClipRecord, audio: Path, note: Callable[[float], None]) -> ClipRecord:
        """Make a clip of a recording from outside."""
        least, most = self._manner.upload_seconds
        job = {"do": "take in", "audio": str(audio), "least": least, "most": most}
        made = await self._do(Urgency.ANSWERS, clip, job, note)
        return replace(
            clip,
            state=State.SUCCEEDED,
            seconds=number(made.get("seconds")),
            bpm=number(made.get("bpm")) or None,
            slowest=number(made.get("slowest")),
            fastest=number(made.get("fastest")),
            key=text(made.get("key")),
            owner=clip.clip_id,
            parts=("mix",),
        )

    async def stem(self, clip: ClipRecord, note: Callable[[float], None]) -> ClipRecord:
        """Make one stem; a recording from outside is taken apart first."""
        owner = await self._separated(clip.owner)
        stems = [stem for stem in owner.stems if stem.name in clip.members]
        silent = all(stem.silent for stem in stems)
        if not stems:
            await self._silence(owner)
        cut = replace(
            clip,
            parts=tuple(stem.file for stem in stems) or (_SILENCE,),
            silent=silent,
            draft=any(stem.draft for stem in stems),
        )
        job: dict[str, object] = {
            "do": "mp3",
            "masters": [str(master) for master in self.masters(cut)],
            "target": str(self._cabinet.folder(clip.clip_id) / "clip.mp3"),
        }
        if silent:
            job["shared"] = str(self._cabinet.folder(clip.owner) / f"{_SILENCE}.mp3")
        made = await self._do(Urgency.STEMS, cut, job, note)
        return replace(cut, state=State.SUCCEEDED, seconds=number(made.get("seconds")))

    async def _separated(self, clip_id: str) -> ClipRecord:
        async with self._separating.setdefault(clip_id, asyncio.Lock()):
            owner = self._cabinet.clips[clip_id]
            if owner.stems:
                return owner
            job = {"do": "separate", "folder": str(self._cabinet.folder(clip_id)), "sources": [self.source(owner)]}
            made = await self.ask(job, Urgency.STEMS)
            stems = tuple(read_stem(mapping(entry)) for entry in items(made.get("stems")))
            owner = replace(self._cabinet.clips[clip_id], stems=stems, archived=False)
            self._cabinet.keep_clip(owner)
            return owner

    async def _silence(self, owner: ClipRecord) -> None:
        async with self._separating.setdefault(owner.clip_id, asyncio.Lock()):
            folder = self._cabinet.folder(owner.clip_id)
            if not (folder / f"{_SILENCE}.wav").exists():
                like = str(self.masters(owner)[0])
                await self.ask(
                    {"do": "silence", "like": like, "target": str(folder / f"{_SILENCE}.wav")}, Urgency.STEMS
                )

    async def archive(self, clip_id: str) -> None:
        """Put a clip's masters away as FLAC."""
        clip = self._cabinet.clips[clip_id]
        folder = self._cabinet.folder(clip_id)
        try:
            for name in ("mix", *(stem.file for stem in clip.stems)):
                # one job each, so that nothing somebody waits for stands behind all thirteen
                await self.ask({"do": "archive", "master": str(folder / name)}, Urgency.ARCHIVE)
            if self._cabinet.clips[clip_id].stems == clip.stems:
                self._cabinet.keep_clip(replace(self._cabinet.clips[clip_id], archived=True))
        except (WorkFailed, OSError) as error:
            # the clip is whole as it is, only larger; the next start tries again
            log.error("clip %s is not archived: %s", clip_id, error)

    async def _do(self, urgency: Urgency, clip: ClipRecord, job: Json, note: Callable[[float], None]) -> Json:
        def progress(share: float) -> None:
            self.progress[clip.clip_id] = share
            note(share)

        try:
            folder = str(self._cabinet.folder(clip.clip_id))
            return await self._crew.run(urgency, {**job, "folder": folder}, progress)
        finally:
            self.progress.pop(clip.clip_id, None)


def _brief(order: Order) -> dict[str, object]:
    brief = asdict(order)
    for name in ("mv", "sources", "persona_id"):
        del brief[name]
    return brief


def _taken(clip: ClipRecord, made: Json) -> ClipRecord:
    return replace(
        clip,
        state=State.SUCCEEDED,
        title=clip.title or text(made.get("title")),
        tags=clip.tags or text(made.get("tags")),
        lyrics=clip.lyrics or text(made.get("lyrics")),
        bpm=number(made.get("bpm")),
        key=text(made.get("key")),
        seconds=number(made.get("seconds")),
        engine=text(made.get("engine")),
        owner=clip.clip_id,
        parts=("mix",),
        stems=tuple(read_stem(mapping(entry)) for entry in items(made.get("stems"))),
        silent=flag(made.get("silent")) or False,
    )
