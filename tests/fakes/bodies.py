"""Literal answers of the service, made from the documented keys."""

from __future__ import annotations

import copy

TASK = "00000000-0000-4000-8000-000000000001"
CLIP = {
    "clip_id": "c1", "state": "succeeded", "title": "Harbour Lights", "tags": "indie folk", "lyrics": "[Verse]\nLa",
    "image_url": "https://cdn.test/1.jpeg", "audio_url": "https://cdn.test/1.mp3", "video_url": None,
    "created_at": "2026-05-01T10:20:30.123Z", "mv": "sonic-v5", "gpt_description_prompt": None, "duration": "104.88",
    "negative_tags": None, "style_weight": None, "weirdness_constraint": None,
}  # fmt: skip
TWIN = CLIP | {"clip_id": "c2", "audio_url": "https://cdn.test/2.mp3", "duration": "98.2"}


def clip(**changed):
    return CLIP | changed


def listed(*clips, **top):
    return {"code": 200, "message": "success", "data": [copy.deepcopy(c) for c in clips], **top}
