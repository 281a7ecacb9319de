"""What a body asks for: the rules between fields (contract §2, §3.2, §8, §10, §11), and the order they make."""

from __future__ import annotations

import secrets
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from musicapi_desktop.domain.request import ModelLimits
from musicapi_desktop.wire import nuro
from musicapi_desktop.wire.limits import DEFAULT_MODEL, MODELS, canonical_model
from musicapi_desktop.wire.values import Json, mapping, text, whole

from .fields import Reading, Rejected
from .forms import SEEDS, TASK_TYPES
from .manner import Manner
from .records import Order

_REMIX_MODEL: Final = "sonic-v4-5-all"
"""The one model that only sample and mashup know."""
_OWN_WORDS: Final = ("create_music", "persona_music")
"""Operations with no source to take words from: they must say how they are asked."""
_TIMED: Final = frozenset(
    ("create_music", "persona_music", "extend_music", "cover_music", "extend_upload_music", "cover_upload_music")
)
_WITHOUT_MODEL: Final = frozenset(("concat_music",))
_ADDED: Final = frozenset(("add_vocals", "add_instrumental"))


@dataclass(frozen=True, slots=True)
class Wish:
    """An order on its way in: what it costs, how many takes it is, and what the answer says again of it."""

    order: Order
    operation: str
    takes: int
    system: str = "sonic"
    echo: Json = field(default_factory=dict[str, object])


def create_wish(said: Reading, manner: Manner) -> Wish:
    """Return what a body of ``/sonic/create`` asks for. Raises Rejected."""
    operation = said.text("task_type") or TASK_TYPES[0]
    extends_or_covers = operation.startswith(("extend", "cover"))
    if extends_or_covers and manner.speaks("custom-mode-required") and not said.has("custom_mode"):
        raise Rejected("custom_mode is required.")
    sources: tuple[str, ...] = ()
    if operation not in _OWN_WORDS:
        if not said.text("continue_clip_id"):
            raise Rejected(f"continue_clip_id is required for {operation}.")
        sources = (said.text("continue_clip_id"),)
    if operation == "persona_music":
        if manner.speaks("persona-gone"):
            raise Rejected("Personas are no longer offered.", "endpoint_retired")
        if not said.text("persona_id"):
            raise Rejected("persona_id is required for persona_music.")
    start = said.number("overpainting_start_s") if operation in _ADDED else said.number("continue_at")
    end = said.number("overpainting_end_s") if operation in _ADDED else None
    order = _order(operation, said, sources, (start, end))
    return Wish(order, operation, 1 if operation == "concat_music" else 2)


def section_wish(said: Reading) -> Wish:
    """Return what a body of ``/sonic/replace-section`` asks for. Raises Rejected."""
    span = (said.number("infill_start_s"), said.number("infill_end_s"))
    return Wish(_order("replace-section", said, (said.text("clip_id"),), span), "replace-section", 2)


def remix_wish(operation: str, said: Reading, sources: tuple[str, ...]) -> Wish:
    """Return what a body of sample, mashup, upload-extend or upload-cover asks for. Raises Rejected."""
    made_by = {"upload-extend": "extend_upload_music", "upload-cover": "cover_upload_music"}
    span = (said.number("chop_sample_start_s", "continue_at"), said.number("chop_sample_end_s"))
    return Wish(_order(made_by.get(operation, operation), said, sources, span), operation, 2)


def _order(operation: str, said: Reading, sources: tuple[str, ...], span: tuple[float | None, float | None]) -> Order:
    mv, limits = _model(operation, said)
    start, end = span
    if start is not None and end is not None and end <= start:
        raise Rejected("The end of a range must lie after its start.")
    instrumental = said.flag("make_instrumental")
    lyrics, description = _words(operation, said, instrumental=instrumental)
    _check_lengths(said, limits)
    if operation in _ADDED:
        _check_added(operation, said, limits)
    if said.has("duration") and operation not in _TIMED:
        raise Rejected(f"duration is not available with {operation}.")
    return Order(
        mv=mv,
        title=said.words("title"),
        lyrics=lyrics,
        description=description,
        tags=said.words("tags"),
        negative_tags=said.words("negative_tags"),
        instrumental=instrumental,
        vocal_gender=_voice(said, limits),
        duration=said.number("duration"),
        weirdness=said.number("weirdness_constraint"),
        style_weight=said.number("style_weight"),
        seed=_seed(said),
        operation=operation,
        sources=sources,
        start=start,
        end=end,
        section_lyrics=said.words("infill_lyrics"),
        audio_weight=said.number("audio_weight"),
        variation=said.text("variation_category"),
        persona_id=said.text("persona_id") if operation == "persona_music" else "",
        join=said.flag("auto_concat"),
    )


def _model(operation: str, said: Reading) -> tuple[str, ModelLimits]:
    given = said.text("mv")
    remix = operation in ("sample", "mashup")
    if not given and (operation in _WITHOUT_MODEL or remix or operation.endswith("_upload_music")):
        given = DEFAULT_MODEL
    if remix and given == _REMIX_MODEL:
        return given, MODELS["sonic-v4-5"]
    limits = MODELS.get(canonical_model(given))
    if limits is None:
        raise Rejected(f"mv is invalid. Allowed models: {', '.join(MODELS)}.")
    return given, limits


def _words(operation: str, said: Reading, *, instrumental: bool) -> tuple[str, str]:
    """Return (lyrics, description) of the three ways to ask: a description, own words, words to be written."""
    prompt, described = said.words("prompt"), said.words("gpt_description_prompt")
    auto, custom, own = said.flag("auto_lyrics"), said.flag("custom_mode"), operation in _OWN_WORDS
    if own and not said.has("custom_mode"):
        raise Rejected("custom_mode must be a boolean.")
    if auto and not custom:
        raise Rejected("auto_lyrics needs custom_mode to be true.")
    if auto:
        if not prompt.strip():
            raise Rejected("prompt is required when auto_lyrics is true.")
        return "", prompt
    if own and not custom and not described.strip():
        raise Rejected("gpt_description_prompt is required when custom_mode is false.")
    if own and custom and not prompt.strip() and not instrumental:
        raise Rejected("prompt is required when custom_mode is true.")
    if own:
        return (prompt, "") if custom else ("", described)
    # what works on a clip has its words already: each of the two is read where it is there
    return prompt, "" if custom else described


def _check_lengths(said: Reading, limits: ModelLimits) -> None:
    for name, most in (("prompt", limits.lyrics), ("tags", limits.style), ("negative_tags", limits.style)):
        length = len(said.words(name))
        if length > most:
            raise Rejected(f"{name} must be at most {most} characters long; it has {length}.")


def _check_added(operation: str, said: Reading, limits: ModelLimits) -> None:
    if not limits.voices:
        raise Rejected(f"{operation} is not available with {limits.model}.")
    wanted = "prompt" if operation == "add_vocals" else "tags"
    if not said.text(wanted):
        raise Rejected(f"{wanted} is required for {operation}.")


def _voice(said: Reading, limits: ModelLimits) -> str:
    voice = said.text("vocal_gender")
    if voice and not limits.voices:
        raise Rejected(f"vocal_gender is not available with {limits.model}.")
    return voice


def _seed(said: Reading) -> int:
    """Read the seed: no field of the contract on sonic, but with it a song can be made again."""
    value = said.number("seed")
    return secrets.randbelow(SEEDS) if value is None else int(value)


_PRODUCER_AS: Final[Mapping[str, str]] = {
    "create_music": "create_music",
    "extend_music": "extend_music",
    "cover_music": "cover_music",
    "replace_music": "replace-section",
    "swap_music_vocals": "cover_music",
    "swap_music_sound": "cover_music",
    "music_variation": "remaster",
}
"""What each task type of Producer is here."""
_PRODUCER_OFFERS: Final[Mapping[str, tuple[str, ...]]] = {
    "producer-fuzz": tuple(_PRODUCER_AS),
    "producer-lyria": ("create_music", "extend_music", "replace_music", "cover_music"),
    "producer-create-only": ("create_music",),
}
_EXTEND_AT: Final = 30.0


def producer_wish(said: Reading, manner: Manner) -> Wish:
    """Return what a body of ``/producer/create`` asks for. Raises Rejected."""
    task_type = said.text("task_type") or "create_music"
    offered = next(types for name, types in _PRODUCER_OFFERS.items() if manner.speaks(name))
    if task_type not in offered:
        raise Rejected(f"{task_type} is no longer offered. Offered: {', '.join(offered)}.", "endpoint_retired")
    clip_id = said.text("clip_id")
    if task_type != "create_music" and not clip_id:
        raise Rejected(f"clip_id is required for {task_type}.")
    sound, lyrics = said.text("sound", "instruction"), said.words("lyrics") or said.words("lyrics_text")
    if task_type in ("create_music", "cover_music") and not sound and not lyrics.strip() and not clip_id:
        raise Rejected("sound or lyrics is required.")
    starts, ends = said.number("starts_at", "starts"), said.number("ends_at", "ends")
    if task_type in ("extend_music", "replace_music"):
        starts = _EXTEND_AT if starts is None else starts
    if starts is not None and ends is not None and ends <= starts:
        raise Rejected("ends_at must lie after starts_at.")
    seed = None if manner.speaks("seed-ignored") else said.number("seed")
    order = Order(
        mv=said.text("mv") or "FUZZ-2.0",
        title=said.words("title"),
        lyrics=lyrics,
        description="" if lyrics.strip() else sound,
        tags=sound,
        # on the newer backend an instrumental is asked for in words alone
        instrumental=said.flag("make_instrumental") and not manner.speaks("producer-lyria"),
        duration=said.number("length"),
        weirdness=said.number("weirdness"),
        style_weight=said.number("sound_strength"),
        seed=secrets.randbelow(SEEDS) if seed is None else int(seed),
        operation=_PRODUCER_AS[task_type],
        sources=(clip_id,) if task_type != "create_music" else (),
        start=starts if task_type in ("extend_music", "replace_music") else None,
        end=ends if task_type == "replace_music" else None,
        audio_weight=said.number("strength", "cover_strength"),
        variation="normal" if task_type == "music_variation" else "",
        join=task_type in ("extend_music", "replace_music"),
    )
    return Wish(order, f"producer/{task_type}", 1, "producer", {"sound": sound})


def nuro_wish(said: Reading) -> Wish:
    """Return what a body of ``/nuro/create`` asks for. Raises Rejected."""
    echo = {name: said.text(name) or ", ".join(said.texts(name)) for name in _NURO_ECHO} | {
        "prompt": said.words("description")
    }
    order = _nuro_vocal(said) if said.text("type") == "vocal" else _nuro_bgm(said)
    return Wish(order, f"nuro/{said.text('type')}", 1, "nuro", echo)


_NURO_ECHO: Final = ("genre", "mood", "gender", "timbre", "theme", "instrument")
_FOREIGN: Final = 0.2
"""The share of letters of other scripts from which on a text is neither English nor Chinese."""


def _nuro_vocal(said: Reading) -> Order:
    lyrics, duration = said.words("lyrics"), said.number("duration")
    if not 300 <= len(lyrics) <= 2000:
        raise Rejected(f"lyrics must be 300 to 2000 characters long; it has {len(lyrics)}.", "bad_request")
    if duration is None or not 30 <= duration <= 240:
        raise Rejected("duration must be an integer from 30 to 240.", "bad_request")
    if said.texts("genre") or said.texts("mood"):
        raise Rejected("genre and mood are one word each for a vocal song.", "bad_request")
    letters = [letter for letter in lyrics if letter.isalpha()]
    foreign = [letter for letter in letters if not unicodedata.name(letter, "").startswith(("LATIN", "CJK"))]
    if len(foreign) > _FOREIGN * len(letters):
        raise Rejected("The language of these lyrics is not supported. Use English or Chinese.", "bad_request")
    words = (said.text(name).removesuffix("_AUDIO_TIMBRE") for name in ("genre", "mood", "timbre"))
    return Order(
        mv="nuro",
        lyrics=lyrics,
        tags=", ".join(word for word in words if word),
        vocal_gender={"Female": "f", "Male": "m"}.get(said.text("gender"), ""),
        duration=duration,
        seed=secrets.randbelow(SEEDS),
    )


def _nuro_bgm(said: Reading) -> Order:
    described, newer = said.text("description"), said.text("version") == "v2.0"
    if not described:
        raise Rejected("description is required.", "bad_request")
    if said.text("genre") or said.text("mood"):
        raise Rejected("genre and mood are arrays for background music.", "bad_request")
    if newer and len(said.words("description")) >= 200:
        raise Rejected("description must be shorter than 200 characters.", "bad_request")
    segments = _segments(said.objects("segments")) if newer else []
    duration = said.number("duration") or (None if newer else 60)
    if segments:
        duration = sum(seconds for _name, seconds in segments)
    least, most = (30, 120) if newer else (1, 60)
    if duration is None or not least <= duration <= most:
        raise Rejected(f"duration must be {least} to {most} seconds in all.", "bad_request")
    listed = [word for name in ("genre", "mood", "theme", "instrument") for word in said.texts(name)]
    return Order(
        mv="nuro",
        lyrics="".join(f"[{name.capitalize()}]\n" for name, _seconds in segments),
        description=described,
        tags=", ".join(listed),
        instrumental=True,
        duration=float(duration),
        seed=secrets.randbelow(SEEDS),
    )


def _segments(entries: list[object]) -> list[tuple[str, int]]:
    found: list[tuple[str, int]] = []
    for entry in map(mapping, entries):
        name, seconds = text(entry.get("name")), whole(entry.get("duration"))
        if name not in nuro.SEGMENTS or seconds is None or not 5 <= seconds <= 120:
            known = ", ".join(nuro.SEGMENTS)
            raise Rejected(f"A segment has a name ({known}) and a duration from 5 to 120.", "bad_request")
        found.append((name, seconds))
    return found
