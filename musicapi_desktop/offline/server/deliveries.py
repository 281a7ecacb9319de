"""A clip's files in the formats it is given out in, each made once."""

from __future__ import annotations

import asyncio
import weakref
from pathlib import Path

from .cabinet import Cabinet
from .records import ClipRecord
from .workshop import Workshop

_LOCKS: weakref.WeakValueDictionary[str, asyncio.Lock] = weakref.WeakValueDictionary()


async def deliver(clip: ClipRecord, form: str, cabinet: Cabinet, workshop: Workshop) -> None:
    """Make sure a finished clip's file is there: mp3, wav, m4a or mp4. Raises OSError."""
    target = cabinet.folder(clip.clip_id) / f"clip.{form}"
    if target.exists():
        return
    lock = _LOCKS.setdefault(str(target), asyncio.Lock())
    async with lock:
        if not target.exists():
            await asyncio.to_thread(_make, workshop.masters(clip), target, clip.seed)


def _make(sources: list[Path], target: Path, seed: int) -> None:
    from . import m4a, masters, video

    match target.suffix:
        case ".m4a":
            m4a.make_m4a(sources, target)
        case ".mp4":
            video.make_video(sources, target, seed)
        case _:
            masters.make_wav(sources, target)
