"""What is asked for and how it begins: the rules behind the routes. Belongs to one event loop."""

from __future__ import annotations

import time
import uuid
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from musicapi_desktop.wire.values import Json

from .cabinet import Cabinet
from .crew import Crew
from .fetch import title_of
from .fields import Rejected
from .ledger import Ledger
from .manner import Manner
from .orders import Wish
from .records import PREVIEW, BatchRecord, ClipRecord, Entry, State, TaskRecord
from .tasks import Hook, Tasks
from .workshop import Workshop, split_of


class Studio:
    """Tasks and clips of one key. Every method that takes credits raises Rejected where they are short."""

    def __init__(self, cabinet: Cabinet, ledger: Ledger, crew: Crew, manner: Manner | None = None) -> None:
        self.cabinet = cabinet
        self.ledger = ledger
        self.manner = manner or Manner()
        self.workshop = Workshop(cabinet, crew, self.manner)
        self.tasks = Tasks(cabinet, ledger, self.workshop)

    def progress(self, clip_id: str) -> float | None:
        """Return the share (0-1) of a clip that is being made at this moment, None for any other."""
        return self.workshop.progress.get(clip_id)

    def take(self, wish: Wish, hook: Hook | None = None) -> TaskRecord:
        """Take an order for music: two takes of one song, or one. Raises Rejected where a source is not there."""
        order = wish.order
        sources = [self.finished(clip_id) for clip_id in order.sources]
        self._check_sources(wish, sources)
        if order.operation == "concat_music":
            sources = self._chain(sources[0])
            order = replace(order, sources=tuple(clip.clip_id for clip in sources), start=sources[-1].start)
        if order.persona_id and order.persona_id not in self.cabinet.voices:
            raise Rejected("Persona not found.", "not_found")
        parent = sources[0] if sources else None
        blank = ClipRecord(
            clip_id="", task_id="", position=0, mv=order.mv,
            title=order.title or (parent.title if parent else ""), tags=order.tags, lyrics=order.lyrics,
            description=order.description, negative_tags=order.negative_tags, style_weight=order.style_weight,
            weirdness=order.weirdness, seed=order.seed, operation=order.operation, sources=order.sources,
            start=order.start,
        )  # fmt: skip
        pair = order.join and wish.system == "sonic"
        blanks = [replace(blank, full=str(uuid.uuid4()) if pair else "") for _ in range(wish.takes)]
        task = TaskRecord("", wish.operation, 0.0, 0, (), order, wish.system, echo=wish.echo)
        return self.tasks.take(task, blanks, self.manner.price(wish.operation), hook)

    def _check_sources(self, wish: Wish, sources: Sequence[ClipRecord]) -> None:
        order = wish.order
        for clip in sources:
            if self.manner.speaks("upload-types-own") and wish.operation.startswith(("extend", "cover")):
                plain, named = wish.operation.split("_")[0], wish.operation.endswith("_upload_music")
                if clip.uploaded is not named:
                    wanted = f"{plain}_upload_music" if clip.uploaded else f"{plain}_music"
                    raise Rejected(f"This clip needs task_type {wanted}.")
        if sources and order.start is not None and order.start >= (sources[0].seconds or 0.0):
            raise Rejected(f"This clip is {sources[0].seconds:.1f} s long; the range begins after its end.")

    def _chain(self, extension: ClipRecord) -> list[ClipRecord]:
        """Return the clips an extension was made from, first to last, with itself. Raises Rejected."""
        chain = [extension]
        while chain[0].operation.startswith("extend") and chain[0].sources:
            chain.insert(0, self.finished(chain[0].sources[0]))
        if len(chain) == 1:
            raise Rejected("continue_clip_id must be a clip that extend_music made.")
        return chain

    def upload(
        self, url: str, hook: Hook | None = None, *, price: int | None = None, system: str = "sonic"
    ) -> TaskRecord:
        """Take audio from an address: one clip, ready after a while. ``price`` where it is not an upload's own."""
        operation = "upload" if system == "sonic" else f"{system}/upload"
        blank = ClipRecord("", "", 0, title=title_of(url), uploaded=True, operation="upload")
        task = TaskRecord("", operation, 0.0, 0, (), system=system, echo={"url": url})
        cost = self.manner.price(operation) if price is None else price
        return self.tasks.take(task, [blank], cost, hook)

    async def uploaded(self, url: str, *, price: int | None = None) -> ClipRecord:
        """Take audio from an address and wait for it. Raises Rejected where it cannot be fetched or heard."""
        task = self.upload(url, price=price)
        await self.tasks.wait(task)
        clip = self.cabinet.clips[task.clip_ids[0]]
        if clip.state is not State.SUCCEEDED:
            raise Rejected(clip.error or "The upload failed.")
        return clip

    def errand(self, operation: str, what: Json, hook: Hook | None, system: str = "sonic") -> TaskRecord:
        """Take an order whose result is no clip (errands.py)."""
        task = TaskRecord("", operation, 0.0, 0, (), system=system, errand=what)
        return self.tasks.take(task, [], self.manner.price(operation), hook)

    def keep_batch(self, entries: Sequence[Entry]) -> BatchRecord:
        """Keep what became of a batch's items."""
        batch = BatchRecord(str(uuid.uuid4()), time.time(), tuple(entries))
        self.cabinet.keep_batch(batch)
        return batch

    def split(self, clip_id: str, *, full: bool) -> TaskRecord:
        """Take an order for a clip's stems, each a clip of its own."""
        source = self.finished(clip_id)
        if source.stem_type:
            raise Rejected("This clip is a stem already.")
        blanks = [
            replace(
                source, state=State.PENDING, title=source.title, stem_type=name, owner=source.clip_id, parts=(),
                members=members, stems=(), archived=False, full="", operation="", sources=(source.clip_id,),
            )
            for name, members in split_of(self.manner, full=full).items()
        ]  # fmt: skip
        operation = "stems/full" if full else "stems/basic"
        return self.tasks.take(TaskRecord("", operation, 0.0, 0, ()), blanks, self.manner.price(operation), None)

    def finished(self, clip_id: str) -> ClipRecord:
        """Return a clip that can be worked on. Raises Rejected where it is unknown, failed or not ready."""
        clip = self.cabinet.clips.get(clip_id)
        if clip is None:
            raise Rejected("Clip not found.", "not_found")
        if clip.state is not State.SUCCEEDED:
            raise Rejected("This clip is not ready." if clip.state is State.PENDING else "This clip failed.")
        return clip

    def file(self, clip: ClipRecord, extension: str) -> Path:
        """Where a clip's file is: ``mp3`` once it has succeeded, others once they were asked for."""
        return self.cabinet.folder(clip.clip_id) / f"clip.{extension}"

    def preview(self, clip: ClipRecord) -> Path | None:
        """Return what can be heard of a clip that is being made, or None."""
        path = self.cabinet.folder(clip.clip_id) / PREVIEW
        return path if clip.state is State.PENDING and path.exists() else None

    def charge(self, operation: str, *, free: bool = False) -> None:
        """Take what a call that answers at once costs. Raises Rejected."""
        self.tasks.charge(0 if free else self.manner.price(operation), operation)

    def require(self, operation: str, *, free: bool = False) -> None:
        """Raise Rejected where a call could not be paid."""
        self.tasks.require(0 if free else self.manner.price(operation))
