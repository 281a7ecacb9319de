"""Every path of the service (contract §1, §3–§11). Paths are absolute; placeholders are in braces."""

from __future__ import annotations

from typing import Final
from urllib.parse import quote

API: Final = "/api/v1"
SONIC: Final = f"{API}/sonic"
"""The namespace that is current on every host."""
SUNO: Final = f"{API}/suno"
"""The namespace of the sister hosts' older documents; a server answers it like SONIC."""

CREATE: Final = f"{SONIC}/create"
TASK: Final = f"{SONIC}/task/{{task_id}}"
STEMS_BASIC: Final = f"{SONIC}/stems/basic"
STEMS_FULL: Final = f"{SONIC}/stems/full"
WAV: Final = f"{SONIC}/wav"
DOWNLOAD: Final = f"{SONIC}/download"
MIDI: Final = f"{SONIC}/midi"
BPM: Final = f"{SONIC}/bpm"
VOX: Final = f"{SONIC}/vox"
ALIGNED_LYRICS: Final = f"{SONIC}/aligned-lyrics"
UPSAMPLE_TAGS: Final = f"{SONIC}/upsample-tags"
LYRICS: Final = f"{SONIC}/lyrics"
PERSONA: Final = f"{SONIC}/persona"
CREATE_VOICE: Final = f"{SONIC}/create-voice"
UPLOAD: Final = f"{SONIC}/upload"
UPLOAD_EXTEND: Final = f"{SONIC}/upload-extend"
UPLOAD_COVER: Final = f"{SONIC}/upload-cover"
REPLACE_SECTION: Final = f"{SONIC}/replace-section"
SAMPLE: Final = f"{SONIC}/sample"
MASHUP: Final = f"{SONIC}/mashup"
BATCH: Final = f"{SONIC}/batch"
CREDITS: Final = f"{API}/get-credits"

PRODUCER_CREATE: Final = f"{API}/producer/create"
PRODUCER_TASK: Final = f"{API}/producer/task/{{task_id}}"
PRODUCER_UPLOAD: Final = f"{API}/producer/upload"
PRODUCER_DOWNLOAD: Final = f"{API}/producer/download"
PRODUCER_LYRICS: Final = f"{API}/producer/lyrics-create"
PRODUCER_VIDEO: Final = f"{API}/producer/video-clip"
NURO_CREATE: Final = f"{API}/nuro/create"
NURO_TASK: Final = f"{API}/nuro/task/{{task_id}}"
RIFFUSION_TASK: Final = f"{API}/riffusion/task/{{task_id}}"
STUDIO_TASK: Final = f"{API}/studio/task/{{task_id}}"

BATCH_KEYS: Final = ("batch_id", "id")
"""The two query keys of ``GET BATCH`` the documents name; the first is tried first (contract §9)."""


def task(task_id: str, template: str = TASK) -> str:
    """Return the path that polls ``task_id``; the id is escaped, so it cannot leave its place in the path."""
    return template.format(task_id=quote(task_id, safe=""))


def with_suno_alias(path: str) -> tuple[str, ...]:
    """Return ``path`` and, for a sonic path, its spelling in the older namespace."""
    return (path, SUNO + path.removeprefix(SONIC)) if path.startswith(f"{SONIC}/") else (path,)
