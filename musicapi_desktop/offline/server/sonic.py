"""The calls below /sonic that make songs, and the polls (contract §3–§5, §8, §9)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import cast

from starlette.exceptions import HTTPException

from musicapi_desktop.wire.limits import DEFAULT_MODEL
from musicapi_desktop.wire.values import Json

from .accent import Kind, Said
from .courier import hook_of
from .fields import Body, Rejected
from .orders import Wish, create_wish, remix_wish, section_wish
from .records import Entry, TaskRecord
from .tasks import Hook
from .visit import Visit, submitted, success


async def create(visit: Visit) -> Said:
    """Make a song, or work on one: everything with a ``task_type``."""
    wish = create_wish(visit.said, visit.manner)
    return submitted(visit.studio.take(wish, visit.hook))


async def replace_section(visit: Visit) -> Said:
    """Replace a range of a song."""
    return submitted(visit.studio.take(section_wish(visit.said), visit.hook))


async def sample(visit: Visit) -> Said:
    """Make a song around a piece of another, or of audio at an address."""
    return submitted(await _remixed(visit, "sample", (visit.said.text("sample_clip_id"),)))


async def mashup(visit: Visit) -> Said:
    """Make one song out of two."""
    return submitted(await _remixed(visit, "mashup", visit.said.texts("mashup_clip_ids")))


async def _remixed(visit: Visit, operation: str, sources: tuple[str, ...]) -> TaskRecord:
    wish, hook = remix_wish(operation, visit.said, sources), visit.hook
    if not all(sources):
        visit.studio.require(operation)
        clip = await visit.studio.uploaded(visit.said.text("url"), price=0)
        wish = _of(wish, clip.clip_id)
    return visit.studio.take(wish, hook)


def _of(wish: Wish, clip_id: str) -> Wish:
    return replace(wish, order=replace(wish.order, sources=(clip_id,)))


async def upload_extend(visit: Visit) -> Said:
    """Take audio from an address and extend it."""
    return await _one_shot(visit, "upload-extend", "extend")


async def upload_cover(visit: Visit) -> Said:
    """Take audio from an address and cover it."""
    return await _one_shot(visit, "upload-cover", "cover")


async def _one_shot(visit: Visit, operation: str, step: str) -> Said:
    wish, hook = remix_wish(operation, visit.said, ("",)), visit.hook
    visit.studio.require(operation)
    try:
        clip = await visit.studio.uploaded(visit.said.text("url"), price=0)
    except Rejected as error:
        # a step that failed says so itself (contract §8.2)
        raise Rejected(error.said, error.kind, steps={"upload": {"error": error.said}}) from error
    task = visit.studio.take(_of(wish, clip.clip_id), hook)
    steps: Body = {"upload": {"clip_id": clip.clip_id}, step: {"task_id": task.task_id}}
    return success(Kind.STEPS, task_id=task.task_id, steps=steps)


async def upload(visit: Visit) -> Said:
    """Take audio from an address; with ``callback_url`` the answer is a task to wait for."""
    url = visit.said.text("url")
    if visit.said.text("callback_url") or visit.manner.speaks("upload-task"):
        return submitted(visit.studio.upload(url, visit.hook))
    clip = await visit.studio.uploaded(url)
    return success(Kind.UPLOAD, clip_id=clip.clip_id)


async def stems_basic(visit: Visit) -> Said:
    """Split a song into a few stems."""
    return submitted(visit.studio.split(visit.said.text("clip_id"), full=False))


async def stems_full(visit: Visit) -> Said:
    """Split a song into all its stems."""
    return submitted(visit.studio.split(visit.said.text("clip_id"), full=True))


async def task(visit: Visit) -> Said:
    """Tell where a task stands."""
    found = visit.task("sonic")
    return Said(visit.words.task(found), Kind.TASK, state=visit.words.status(found))


async def cancel(visit: Visit) -> Said:
    """End a task at once (ours: the service has no such call)."""
    visit.studio.tasks.cancel(visit.task("sonic").task_id)
    return await task(visit)


async def submit_batch(visit: Visit) -> Said:
    """Take up to ten create bodies; one that is refused is reported by its index and not charged."""
    hook = visit.hook
    entries = [_entry(visit, index, item, hook) for index, item in enumerate(visit.said.objects("items"))]
    return Said(visit.words.submitted(visit.studio.keep_batch(entries)), Kind.BATCH_SUBMIT)


def _entry(visit: Visit, index: int, item: object, hook: Hook | None) -> Entry:
    try:
        said = visit.create_form.read(_item(item))
        own = hook_of(said.text("webhook_url"), said.words("webhook_secret"))
        told = hook if visit.manner.speaks("batch-webhook-whole") else own or hook
        return Entry(index, visit.studio.take(create_wish(said, visit.manner), told).task_id)
    except Rejected as refusal:
        return Entry(index, kind=refusal.kind, error=refusal.said)


def _item(item: object) -> Json:
    """Return a batch's item as a create body.

    The guide's items hold a ``prompt`` and nothing else (contract §9): the model is then the newest, and the prompt
    a description.
    """
    if not isinstance(item, Mapping):
        raise Rejected("An item must be a JSON object.")
    body = dict(cast("Json", item))
    body.setdefault("mv", DEFAULT_MODEL)
    if "custom_mode" not in body and body.get("task_type", "create_music") in ("create_music", "persona_music"):
        body["custom_mode"] = False
        body.setdefault("gpt_description_prompt", body.pop("prompt", None))
    return body


async def batch(visit: Visit) -> Said:
    """Tell where a batch stands."""
    if visit.manner.speaks("batch-no-aggregate"):
        raise HTTPException(404)
    keys = [
        key
        for key, name in (("batch_id", "batch-key-batch-id"), ("id", "batch-key-id"))
        if visit.manner.speaks("batch-key-any") or visit.manner.speaks(name)
    ]
    batch_id = next((found for key in keys if (found := visit.request.query_params.get(key))), "")
    if not batch_id:
        raise Rejected(f"{keys[0]} is required.")
    found = visit.studio.cabinet.batches.get(batch_id)
    if found is None:
        raise Rejected("Batch not found.", "not_found")
    return Said(visit.words.batch(found), Kind.BATCH)
