"""Reading request bodies: every rule of the contract (§2, §3, §14) with the service's kind of words."""

from __future__ import annotations

import json
import secrets
from collections.abc import Mapping
from typing import NoReturn, cast

from musicapi_desktop.domain.request import ModelLimits
from musicapi_desktop.wire.limits import BATCH_ITEMS, DEFAULT_MODEL, MODELS, WEBHOOK_URL, canonical_model
from musicapi_desktop.wire.values import Json, items

from .records import Order

SEEDS = 2**53
"""Seeds are below this, so that every JSON reader keeps them whole."""

_TASK_TYPES = (
    "create_music",
    "extend_music",
    "cover_music",
    "concat_music",
    "persona_music",
    "extend_upload_music",
    "cover_upload_music",
    "remaster",
    "add_instrumental",
    "add_vocals",
)
_OFFERED = ("create_music",)
_DURATION = (10, 360)
_FORMATS = ("mp3", "wav")  # m4a needs an encoder that no permitted library has


class Rejected(Exception):
    """A request is refused: ``kind`` is the contract's error word, ``said`` the text beside it."""

    def __init__(self, said: str, kind: str = "validation_error") -> None:
        super().__init__(said)
        self.kind = kind
        self.said = said


def parse(raw: bytes) -> Json:
    """Return the JSON object of a body. Half characters are replaced, so that every text can be written again.

    Raises Rejected.
    """
    try:
        value: object = json.loads(raw.decode("utf-8"), parse_constant=_no_number)
    except (ValueError, RecursionError) as error:
        raise Rejected("The body is not valid JSON.") from error
    if not isinstance(value, dict):
        raise Rejected("The body must be a JSON object.")
    return cast("Json", _mended(cast("object", value)))


def _no_number(name: str) -> NoReturn:
    raise ValueError(name)


def _mended(value: object) -> object:
    if isinstance(value, str):
        return value.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    if isinstance(value, dict):
        return {_mended(key): _mended(inner) for key, inner in cast("dict[str, object]", value).items()}
    if isinstance(value, list):
        return [_mended(inner) for inner in cast("list[object]", value)]
    return value


def order_of(body: Json) -> Order:
    """Return the order a create body means, with a seed drawn where it names none. Raises Rejected."""
    _check_task_type(body)
    mv, limits = _model(body)
    custom = _flag(body, "custom_mode", required=True)
    instrumental = _flag(body, "make_instrumental")
    _flag(body, "use_suno_cdn")
    _check_webhook(body)
    lyrics, description = _words(body, limits, custom=custom, instrumental=instrumental)
    return Order(
        mv=mv,
        title=_text(body, "title", limits.title),
        lyrics=lyrics,
        description=description,
        tags=_text(body, "tags", limits.style),
        negative_tags=_text(body, "negative_tags", limits.style),
        instrumental=instrumental,
        vocal_gender=_voice(body, limits),
        duration=_duration(body),
        weirdness=_weight(body, "weirdness_constraint"),
        style_weight=_weight(body, "style_weight"),
        seed=_seed(body),
    )


def batch_items(body: Json) -> list[object]:
    """Return the items of a batch. Raises Rejected where there are none or too many."""
    entries = items(body.get("items"))
    if not 1 <= len(entries) <= BATCH_ITEMS:
        raise Rejected(f"items must be an array of 1 to {BATCH_ITEMS} create bodies.")
    _check_webhook(body)
    return entries


def batch_order(item: object) -> Order:
    """Return the order of a batch's item. Raises Rejected.

    The guide's items hold a ``prompt`` and nothing else (contract §9): the model is then the newest, and the prompt
    a description.
    """
    if not isinstance(item, Mapping):
        raise Rejected("An item must be a JSON object.")
    body = dict(cast("Json", item))
    body.setdefault("mv", DEFAULT_MODEL)
    if "custom_mode" not in body:
        body["custom_mode"] = False
        body.setdefault("gpt_description_prompt", body.pop("prompt", None))
    return order_of(body)


def clip_id_of(body: Json) -> str:
    """Return the clip a body names. Raises Rejected."""
    clip_id = body.get("clip_id")
    if not isinstance(clip_id, str) or not clip_id.strip():
        raise Rejected("clip_id is required.")
    return clip_id.strip()


def formats_of(body: Json) -> list[str]:
    """Return the formats a download names, each once. Raises Rejected."""
    formats = items(body.get("formats"))
    if not formats or any(name not in _FORMATS for name in formats):
        raise Rejected(f"formats must be an array of some of: {', '.join(_FORMATS)}. This server makes no other.")
    return [name for name in _FORMATS if name in formats]


def _check_task_type(body: Json) -> None:
    task_type = body.get("task_type", "create_music")
    if task_type not in _TASK_TYPES:
        raise Rejected(f"task_type must be one of: {', '.join(_TASK_TYPES)}.")
    if task_type not in _OFFERED:
        raise Rejected(f"task_type {task_type} is not offered by this server. Offered: {', '.join(_OFFERED)}.")


def _model(body: Json) -> tuple[str, ModelLimits]:
    mv = body.get("mv")
    limits = MODELS.get(canonical_model(mv)) if isinstance(mv, str) else None
    if limits is None or not isinstance(mv, str):
        raise Rejected(f"mv is invalid. Allowed models: {', '.join(MODELS)}.")
    return mv.strip(), limits


def _words(body: Json, limits: ModelLimits, *, custom: bool, instrumental: bool) -> tuple[str, str]:
    """Return (lyrics, description) of the three ways to ask: a description, own words, words to be written."""
    if not custom:
        if body.get("auto_lyrics"):
            raise Rejected("auto_lyrics needs custom_mode to be true.")
        described = _text(body, "gpt_description_prompt", limits.description)
        if not described.strip():
            raise Rejected("gpt_description_prompt is required when custom_mode is false.")
        return "", described
    auto = _flag(body, "auto_lyrics")
    prompt = _text(body, "prompt", limits.lyrics)
    if not prompt.strip() and not instrumental:
        raise Rejected("prompt is required when custom_mode is true.")
    return ("", prompt) if auto else (prompt, "")


def _text(body: Json, key: str, most: int) -> str:
    value = body.get(key)
    if value is None:
        return ""
    if not isinstance(value, str):
        raise Rejected(f"{key} must be a string.")
    if len(value) > most:
        raise Rejected(f"{key} must be at most {most} characters long; it has {len(value)}.")
    if "\0" in value:
        raise Rejected(f"{key} holds a NUL character.")
    return value


def _flag(body: Json, key: str, *, required: bool = False) -> bool:
    value = body.get(key)
    if value is None and not required:
        return False
    if not isinstance(value, bool):
        raise Rejected(f"{key} must be a boolean.")
    return value


def _number(body: Json, key: str) -> float | None:
    value = body.get(key)
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        raise Rejected(f"{key} must be a number.")
    return value


def _weight(body: Json, key: str) -> float | None:
    value = _number(body, key)
    if value is not None and not 0 <= value <= 1:
        raise Rejected(f"{key} must be between 0 and 1.")
    return value


def _duration(body: Json) -> float | None:
    value = _number(body, "duration")
    if value is None:
        return None
    least, most = _DURATION
    if not least <= value <= most or value != int(value):
        raise Rejected(f"duration must be an integer from {least} to {most}.")
    return float(value)


def _seed(body: Json) -> int:
    """Read the seed: no field of the contract, but with it a song can be made again."""
    value = body.get("seed")
    if value is None:
        return secrets.randbelow(SEEDS)
    if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value < SEEDS:
        raise Rejected(f"seed must be an integer from 0 to {SEEDS - 1}.")
    return value


def _voice(body: Json, limits: ModelLimits) -> str:
    voice = _text(body, "vocal_gender", limits.title)
    if voice not in ("", "f", "m"):
        raise Rejected('vocal_gender must be "f" or "m".')
    if voice and not limits.voices:
        raise Rejected(f"vocal_gender is not available with {limits.model}.")
    return voice


def _check_webhook(body: Json) -> None:
    url = _text(body, "webhook_url", WEBHOOK_URL)
    _text(body, "webhook_secret", WEBHOOK_URL)
    if url and not url.startswith("https://"):
        raise Rejected("webhook_url must be an https address.")
