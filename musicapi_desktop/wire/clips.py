"""Reading one clip, in any of its spellings (contract §4.1, §4.3)."""

from __future__ import annotations

from types import MappingProxyType
from typing import Final

from .schema import Clip, ClipPhase
from .values import Json, first_text, number

_WORDS = {
    ClipPhase.PENDING: "pending queued submitted waiting created scheduled not_started",
    ClipPhase.RUNNING: "running processing in_progress generating started working not_ready",
    ClipPhase.STREAMING: "streaming",
    ClipPhase.SUCCEEDED: "succeeded success successful complete completed finished done",
    ClipPhase.FAILED: "failed failure fail error cancelled canceled timeout timed_out rejected expired",
}
PHASES: Final = MappingProxyType({word: phase for phase, words in _WORDS.items() for word in words.split()})
"""The state words of every dialect, in lower case."""

TERMINAL: Final = frozenset({ClipPhase.SUCCEEDED, ClipPhase.FAILED})

_FIELDS: Final = {
    "clip_id": ("clip_id", "id", "song_id"),
    "state": ("state", "status"),
    "title": ("title",),
    "tags": ("tags", "sound"),
    "lyrics": ("lyrics",),
    "image_url": ("image_url",),
    "audio_url": ("audio_url", "stream_url", "output", "song_path"),
    "video_url": ("video_url",),
    "created_at": ("created_at",),
    "mv": ("mv", "model"),
    "description": ("gpt_description_prompt", "description"),
    "stem_type": ("stem_type",),
    "error": ("error_message", "error", "fail_reason", "message"),
}
"""Our name of a clip's text field, and the keys it is known under, best first."""

CLIP_KEYS: Final = frozenset({"clip_id", "audio_url", "stream_url", "output", "song_path"})
"""An object with one of these is a clip."""


def phase_of_word(word: str) -> ClipPhase | None:
    """Return the phase a state word means, or None for a word nobody documented."""
    return PHASES.get(word.strip().lower().replace(" ", "_").replace("-", "_"))


def decode_clip(source: Json, *, inherited: ClipPhase | None = None, role: str = "") -> Clip:
    """Return a clip from a JSON object; never raises. Keys without a field of their own stay in ``extra``.

    ``inherited`` is the phase of the whole task, for dialects whose clips carry none.
    """
    texts: dict[str, str] = {}
    used: set[str] = set()
    for name, keys in _FIELDS.items():
        texts[name] = first_text(source, keys)
        used.update(key for key in keys if _says(source, key, texts[name]))
    duration = number(source.get("duration"))
    if duration is not None:
        used.add("duration")
    phase = _phase(texts["state"], texts["audio_url"], inherited)
    if phase is not ClipPhase.FAILED and texts["error"].strip().lower() in {"success", "ok"}:
        texts["error"] = ""
    extra = {key: value for key, value in source.items() if key not in used and value is not None}
    return Clip(
        **texts,
        phase=phase,
        duration=duration if duration is not None and duration > 0 else None,
        role=role,
        extra=extra,
    )


def _says(source: Json, key: str, found: str) -> bool:
    return bool(found) and first_text(source, (key,)) == found


def _phase(word: str, audio_url: str, inherited: ClipPhase | None) -> ClipPhase:
    """Work out a clip's phase. Audio before the end is a progressive stream, not the final file (contract §4.1)."""
    phase = phase_of_word(word)
    if phase is None:
        phase = inherited
    if phase is None:
        # a word nobody documented may mean anything: it is asked again rather than given up
        phase = ClipPhase.RUNNING if word.strip() else ClipPhase.SUCCEEDED if audio_url else ClipPhase.PENDING
    if audio_url and phase not in TERMINAL:
        return ClipPhase.STREAMING
    return phase
