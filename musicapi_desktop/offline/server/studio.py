"""What is asked for, made, charged, kept and given back: the rules behind the routes.

Belongs to one event loop. The order of writes makes every crash harmless: a charge first, then the clips, then the
task; at the next start a charge without a task is given back, and a clip that is not finished is made anew.
"""

from __future__ import annotations

import asyncio
import logging
import time
import uuid
from collections.abc import Coroutine, Iterable
from dataclasses import asdict, replace
from pathlib import Path

from musicapi_desktop.offline.engine import STEM_NAMES
from musicapi_desktop.wire.hosts import MUSICAPI
from musicapi_desktop.wire.limits import TAKES_PER_SONG
from musicapi_desktop.wire.prices import PRICES
from musicapi_desktop.wire.values import Json, flag, items, mapping, number, text

from .cabinet import Cabinet
from .checks import Rejected, batch_order
from .crew import Crew, Urgency
from .lane import WorkFailed
from .ledger import Ledger, NotEnough
from .records import BatchRecord, ClipRecord, Entry, Order, State, Stem, TaskRecord

log = logging.getLogger(__name__)

VOCALS = ("Vocals", "Backing Vocals")
BASIC = {"Vocals": VOCALS, "Instrumental": tuple(name for name in STEM_NAMES if name not in VOCALS)}
FULL = {name: (name,) for name in STEM_NAMES}
"""What a split delivers, by name, and the canonical stems each adds up."""


class Studio:
    """Tasks and clips of one key. Every method that takes credits raises Rejected where they are short."""

    def __init__(self, cabinet: Cabinet, ledger: Ledger, crew: Crew) -> None:
        self.cabinet = cabinet
        self.ledger = ledger
        self._crew = crew
        self._progress: dict[str, float] = {}
        self._running: set[asyncio.Task[None]] = set()

    def progress(self, clip_id: str) -> float | None:
        """Return the share (0-1) of a clip that is being made at this moment, None for any other."""
        return self._progress.get(clip_id)

    def resume(self) -> None:
        """Settle what the last process left: give back lost charges, make anew what is unfinished."""
        for task_id, amount in self.ledger.charged.items():
            task = self.cabinet.tasks.get(task_id)
            if task is None:
                self.ledger.refund(amount, task_id)
        for task in self.cabinet.tasks.values():
            self._resume_task(task)

    def _resume_task(self, task: TaskRecord) -> None:
        for clip in self.cabinet.clips_of(task):
            match clip.state:
                case State.PENDING:
                    self._begin(self._make(clip.clip_id))
                case State.FAILED:
                    self._give_back(clip)
                case State.SUCCEEDED if not clip.archived and not clip.stem_type:
                    self._begin(self._archive(clip.clip_id))
                case State.SUCCEEDED:
                    pass

    async def close(self) -> None:
        """Stop making; what is unfinished stays pending on disk."""
        for task in self._running:
            task.cancel()
        await asyncio.gather(*self._running, return_exceptions=True)

    def create(self, order: Order) -> TaskRecord:
        """Take a create order: two takes of one song."""
        blank = ClipRecord(
            clip_id="", task_id="", position=0, mv=order.mv, title=order.title, tags=order.tags, lyrics=order.lyrics,
            description=order.description, negative_tags=order.negative_tags, style_weight=order.style_weight,
            weirdness=order.weirdness, seed=order.seed,
        )  # fmt: skip
        return self._take("create_music", [blank] * TAKES_PER_SONG, order)

    def batch(self, entries: Iterable[object]) -> BatchRecord:
        """Take up to ten create bodies; one that is refused is reported by its index and not charged."""
        taken: list[Entry] = []
        for index, item in enumerate(entries):
            try:
                task = self.create(batch_order(item))
            except Rejected as refusal:
                taken.append(Entry(index, kind=refusal.kind, error=refusal.said))
            else:
                taken.append(Entry(index, task.task_id))
        batch = BatchRecord(str(uuid.uuid4()), time.time(), tuple(taken))
        self.cabinet.keep_batch(batch)
        return batch

    def split(self, clip_id: str, *, full: bool) -> TaskRecord:
        """Take an order for a clip's stems: two (basic) or twelve (full), each a clip of its own."""
        source = self.finished(clip_id)
        if not source.stems:
            raise Rejected("This clip is a stem already.")
        of_name = {stem.name: stem for stem in source.stems}
        blanks: list[ClipRecord] = []
        for name, members in (FULL if full else BASIC).items():
            stems = [of_name[member] for member in members if member in of_name]
            blanks.append(
                replace(
                    source,
                    state=State.PENDING,
                    title=f"{source.title} ({name})",
                    stem_type=name,
                    owner=source.clip_id,
                    parts=tuple(stem.file for stem in stems),
                    silent=all(stem.silent for stem in stems),
                    stems=(),
                    archived=False,
                )
            )
        return self._take("stems/full" if full else "stems/basic", blanks)

    def finished(self, clip_id: str) -> ClipRecord:
        """Return a clip that can be worked on. Raises Rejected where it is unknown, failed or not ready."""
        clip = self.cabinet.clips.get(clip_id)
        if clip is None:
            raise Rejected("Clip not found.", "not_found")
        if clip.state is not State.SUCCEEDED:
            raise Rejected("This clip is not ready." if clip.state is State.PENDING else "This clip failed.")
        return clip

    def file(self, clip: ClipRecord, extension: str) -> Path:
        """Where a clip's file is: ``mp3`` once it has succeeded, ``wav`` and ``mid`` once they were asked for."""
        return self.cabinet.folder(clip.clip_id) / f"clip.{extension}"

    def masters(self, clip: ClipRecord) -> list[Path]:
        """The masters that add up to a clip, without their extension."""
        folder = self.cabinet.folder(clip.owner)
        return [folder / part for part in clip.parts]

    def require(self, amount: int) -> None:
        """Raise Rejected where ``amount`` is not there."""
        try:
            self.ledger.require(amount)
        except NotEnough as error:
            raise Rejected("Not enough credits.", "forbidden") from error

    def charge(self, amount: int, what: str, task_id: str = "") -> int:
        """Take ``amount``; return what was taken."""
        self.require(amount)
        return self.ledger.charge(amount, what, task_id)

    def _take(self, operation: str, blanks: list[ClipRecord], order: Order | None = None) -> TaskRecord:
        task_id, now = str(uuid.uuid4()), time.time()
        clips = [
            replace(blank, clip_id=clip_id, task_id=task_id, position=position, created_at=now)
            for position, blank in enumerate(blanks)
            for clip_id in (str(uuid.uuid4()),)
        ]
        cost = self.charge(price_of(operation), operation, task_id)
        task = TaskRecord(task_id, operation, now, cost, tuple(clip.clip_id for clip in clips), order)
        try:
            for clip in clips:
                self.cabinet.keep_clip(clip)
            self.cabinet.keep_task(task)
        except OSError:
            self._refund(cost, task_id)
            raise
        for clip in clips:
            self._begin(self._make(clip.clip_id))
        return task

    def _begin(self, work: Coroutine[object, object, None]) -> None:
        task = asyncio.create_task(work)
        self._running.add(task)
        task.add_done_callback(self._running.discard)

    async def _make(self, clip_id: str) -> None:
        clip = self.cabinet.clips[clip_id]
        try:
            made = await (self._make_stem(clip) if clip.stem_type else self._make_take(clip))
            self.cabinet.keep_clip(made)
        except WorkFailed as error:
            self._fail(clip, str(error))
        except OSError:
            log.exception("clip %s cannot be kept", clip_id)
            self._fail(clip, "The disk is full or cannot be written.")
        except Exception:  # the end of a background task: the clip must not stay pending for ever
            log.exception("clip %s is not made because of a mistake of ours", clip_id)
            self._fail(clip, "The song could not be made because of a mistake in the engine.")
        finally:
            self._progress.pop(clip_id, None)
        if not clip.stem_type and self.cabinet.clips[clip_id].state is State.SUCCEEDED:
            await self._archive(clip_id)

    async def _make_take(self, clip: ClipRecord) -> ClipRecord:
        order = self.cabinet.tasks[clip.task_id].order
        if order is None:
            raise WorkFailed("The order of this clip is lost.")
        brief = {**asdict(order), "take": clip.position}
        made = await self._do(Urgency.TAKES, clip, {"do": "take", "brief": brief})
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
            stems=tuple(_stem(mapping(entry)) for entry in items(made.get("stems"))),
        )

    async def _make_stem(self, clip: ClipRecord) -> ClipRecord:
        masters = [str(master) for master in self.masters(clip)]
        job: dict[str, object] = {"do": "mp3", "masters": masters, "target": str(self.file(clip, "mp3"))}
        if clip.silent:
            job["shared"] = str(self.cabinet.folder(clip.owner) / "silence.mp3")
        made = await self._do(Urgency.STEMS, clip, job)
        return replace(clip, state=State.SUCCEEDED, seconds=number(made.get("seconds")))

    async def _do(self, urgency: Urgency, clip: ClipRecord, job: Json) -> Json:
        def note(share: float) -> None:
            self._progress[clip.clip_id] = share

        folder = str(self.cabinet.folder(clip.clip_id))
        return await self._crew.run(urgency, {**job, "folder": folder}, note)

    async def _archive(self, clip_id: str) -> None:
        clip = self.cabinet.clips[clip_id]
        folder = self.cabinet.folder(clip_id)
        try:
            for name in ("mix", *(stem.file for stem in clip.stems)):
                # one job each, so that nothing somebody waits for stands behind all thirteen
                job = {"do": "archive", "master": str(folder / name)}
                await self._crew.run(Urgency.ARCHIVE, job, lambda _share: None)
            self.cabinet.keep_clip(replace(clip, archived=True))
        except (WorkFailed, OSError) as error:
            # the clip is whole as it is, only larger; the next start tries again
            log.error("clip %s is not archived: %s", clip_id, error)

    def _fail(self, clip: ClipRecord, why: str) -> None:
        failed = replace(clip, state=State.FAILED, error=why)
        try:
            self.cabinet.keep_clip(failed)
        except OSError:
            log.exception("the failure of clip %s cannot be kept", clip.clip_id)
            self.cabinet.clips[clip.clip_id] = failed
        self._give_back(failed)
        self.cabinet.clear(clip.clip_id)

    def _give_back(self, clip: ClipRecord) -> None:
        task = self.cabinet.tasks.get(clip.task_id)
        if task is not None:
            self._refund(task.share(clip.position), clip.task_id, clip.clip_id)

    def _refund(self, amount: int, task_id: str, clip_id: str = "") -> None:
        try:
            self.ledger.refund(amount, task_id, clip_id)
        except OSError:
            # the next start finds the charge without its result and gives it back
            log.exception("a refund for task %s cannot be written down yet", task_id)


def price_of(operation: str) -> int:
    """Return what an operation costs here: the service's own price."""
    return PRICES[MUSICAPI].get(operation, 0)


def _stem(source: Json) -> Stem:
    return Stem(text(source.get("name")), text(source.get("file")), flag(source.get("silent")) or False)
