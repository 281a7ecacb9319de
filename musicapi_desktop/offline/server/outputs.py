"""What is given out of a finished clip at once: WAV, downloads, tempo, MIDI, words with times.

Each call is charged when its result is there, so a failure costs nothing.
"""

from __future__ import annotations

import asyncio
from pathlib import Path

from musicapi_desktop.wire.values import Json

from .checks import Rejected
from .records import ClipRecord
from .studio import BASIC, FULL, Studio, price_of


class Outputs:
    """The synchronous operations. Each raises Rejected where the clip is not there or credits are short."""

    def __init__(self, studio: Studio) -> None:
        self._studio = studio
        self._one_at_a_time = asyncio.Lock()

    async def wav(self, clip_id: str) -> ClipRecord:
        """Make sure a clip's WAV is there."""
        return await self.download(clip_id, ["wav"], "wav")

    async def download(self, clip_id: str, formats: list[str], operation: str = "download") -> ClipRecord:
        """Make sure a clip's file is there in each of ``formats`` (mp3, wav)."""
        clip = self._studio.finished(clip_id)
        self._studio.require(price_of(operation))
        target = self._studio.file(clip, "wav")
        async with self._one_at_a_time:
            if "wav" in formats and not target.exists():
                from . import masters

                await asyncio.to_thread(masters.make_wav, self._studio.masters(clip), target)
        self._studio.charge(price_of(operation), operation)
        return clip

    async def bpm(self, clip_id: str) -> float:
        """Return a clip's tempo: one number, as the engine keeps time."""
        clip = self._studio.finished(clip_id)
        if clip.bpm is None:
            raise Rejected("The tempo of this clip is not known.", "not_found")
        self._studio.charge(price_of("bpm"), "bpm")
        return clip.bpm

    async def midi(self, clip_id: str) -> tuple[ClipRecord, list[Json]]:
        """Make sure a clip's MIDI file is there and return its notes; a stem clip has its own stem's only."""
        from . import readings

        clip = self._studio.finished(clip_id)
        self._studio.require(price_of("midi"))
        stems = {**FULL, **BASIC}.get(clip.stem_type, tuple(FULL))
        parts = readings.parts_of(await asyncio.to_thread(readings.read_score, self._score(clip)), stems)
        target = self._studio.file(clip, "mid")
        async with self._one_at_a_time:
            await asyncio.to_thread(readings.write_midi, parts, clip.bpm or 120.0, target)
        self._studio.charge(price_of("midi"), "midi")
        return clip, readings.instruments(parts)

    async def alignment(self, clip_id: str) -> list[Json]:
        """Return when each word is sung; charged the first time only (contract §6.6)."""
        from . import readings

        clip = self._studio.finished(clip_id)
        price = 0 if self._studio.file(clip, "words").exists() else price_of("aligned-lyrics")
        self._studio.require(price)
        words = readings.alignment(await asyncio.to_thread(readings.read_score, self._score(clip)))
        if not words:
            raise Rejected("This clip has no lyrics to align.", "not_found")
        self._studio.charge(price, "aligned-lyrics")
        self._studio.file(clip, "words").touch()
        return words

    def _score(self, clip: ClipRecord) -> Path:
        return self._studio.cabinet.folder(clip.owner) / "score.json"
