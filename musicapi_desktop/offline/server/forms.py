"""The bodies of every call, as tables of fields (contract §3, §5–§11). What one field means to another is in orders.py.

The longest text any model takes is the limit here; a model's own is checked with the model at hand.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, cast

from musicapi_desktop.wire import nuro, routes
from musicapi_desktop.wire.limits import BATCH_ITEMS, WEBHOOK_URL

from .fields import Field, Form, flag, needed, number, objects, one_of, text, texts, whole
from .manner import Manner

SEEDS: Final = 2**53
"""Seeds are below this, so that every JSON reader keeps them whole."""
TASK_TYPES: Final = (
    "create_music", "extend_music", "cover_music", "concat_music", "persona_music", "extend_upload_music",
    "cover_upload_music", "remaster", "add_instrumental", "add_vocals",
)  # fmt: skip
PRODUCER_TYPES: Final = (
    "create_music", "extend_music", "cover_music", "replace_music", "swap_music_vocals", "swap_music_sound",
    "music_variation",
)  # fmt: skip
FORMATS: Final = ("mp3", "m4a", "wav")
NURO_TYPES: Final = ("vocal", "bgm")

_LYRICS, _STYLE, _ADDRESS, _ID = 5000, 1000, 2048, 200


def forms(manner: Manner) -> Mapping[str, Form]:
    """Return the form of every POST, by path."""
    return {**_sonic(manner), **_tools(manner), **_producer(manner), **_nuro()}


def _webhook() -> tuple[Field, ...]:
    return (text("webhook_url", WEBHOOK_URL), text("webhook_secret", WEBHOOK_URL))


def _generic(manner: Manner) -> tuple[Field, ...]:
    return (
        flag("custom_mode"),
        text("mv", _ID),
        text("prompt", _LYRICS),
        text("gpt_description_prompt", manner.description),
        text("title", manner.title),
        text("tags", _STYLE),
        text("negative_tags", _STYLE),
        flag("make_instrumental"),
        flag("auto_lyrics"),
        one_of("vocal_gender", ("f", "m")),
        number("style_weight", 0, 1),
        number("weirdness_constraint", 0, 1),
        number("audio_weight", 0, 1),
        whole("duration", 10, 360),
        whole("seed", 0, SEEDS - 1),
        *(() if manner.speaks("cdn-unknown") else (_cdn(manner),)),
        *_webhook(),
    )


def _cdn(manner: Manner) -> Field:
    return needed(flag("use_suno_cdn")) if manner.speaks("cdn-required") else flag("use_suno_cdn")


def _task_types(manner: Manner) -> tuple[str, ...]:
    uploads = ("extend_upload_music", "cover_upload_music")
    return tuple(kind for kind in TASK_TYPES if kind not in uploads or not manner.speaks("upload-types-plain"))


def _sonic(manner: Manner) -> dict[str, Form]:
    generic = _generic(manner)
    optional_cdn = tuple(field for field in generic if field.name != "use_suno_cdn")
    continue_at = whole("continue_at", 0, 86_400) if manner.speaks("continue-at-whole") else number("continue_at")
    return {
        routes.CREATE: Form(
            one_of("task_type", _task_types(manner)),
            *generic,
            text("continue_clip_id", _ID),
            continue_at,
            text("persona_id", _ID),
            one_of("variation_category", ("subtle", "normal", "high")),
            number("overpainting_start_s"),
            number("overpainting_end_s"),
        ),
        routes.REPLACE_SECTION: Form(
            needed(text("clip_id", _ID, 1)),
            needed(number("infill_start_s")),
            needed(number("infill_end_s")),
            text("infill_lyrics", _LYRICS),
            flag("auto_concat"),
            *optional_cdn,
        ),
        routes.SAMPLE: Form(
            text("url", _ADDRESS),
            text("sample_clip_id", _ID),
            number("chop_sample_start_s"),
            number("chop_sample_end_s"),
            *optional_cdn,
            any_of=("url", "sample_clip_id"),
        ),
        routes.MASHUP: Form(needed(texts("mashup_clip_ids", 2, 2)), *optional_cdn),
        routes.UPLOAD_EXTEND: Form(
            needed(text("url", _ADDRESS, 1)), needed(continue_at), flag("auto_concat"), *optional_cdn
        ),
        routes.UPLOAD_COVER: Form(needed(text("url", _ADDRESS, 1)), *optional_cdn),
        routes.BATCH: Form(needed(objects("items", 1, BATCH_ITEMS)), *_webhook()),
    }


def _tools(manner: Manner) -> dict[str, Form]:
    clip = needed(text("clip_id", _ID, 1))
    span = (number("vocal_start_s"), number("vocal_end_s"))
    brief = "prompt" if manner.speaks("lyrics-prompt") else "description"
    return {
        routes.STEMS_BASIC: Form(clip),
        routes.STEMS_FULL: Form(clip),
        routes.WAV: Form(clip),
        routes.DOWNLOAD: Form(clip, needed(texts("formats", 1, len(FORMATS), FORMATS))),
        routes.MIDI: Form(clip),
        routes.BPM: Form(clip),
        routes.VOX: Form(clip, *span),
        routes.ALIGNED_LYRICS: Form(clip),
        routes.UPSAMPLE_TAGS: Form(needed(text("tags", _STYLE, 1))),
        routes.LYRICS: Form(needed(text(brief, 120, 1))),
        routes.PERSONA: _persona(manner, span),
        routes.CREATE_VOICE: Form(needed(text("audio_url", _ADDRESS, 1)), text("name", 80), *_webhook()),
        routes.UPLOAD: Form(needed(text("url", _ADDRESS, 1)), text("callback_url", WEBHOOK_URL), *_webhook()),
    }


def _persona(manner: Manner, span: tuple[Field, ...]) -> Form:
    name, clip, older = needed(text("name", 80, 1)), text("clip_id", _ID), text("continue_clip_id", _ID)
    described = (text("description", 200), text("describe", 1000), text("styles", _STYLE), text("vox_audio_id", _ID))
    if manner.speaks("persona-old"):
        return Form(name, needed(text("description", 200, 1)), needed(text("continue_clip_id", _ID, 1)))
    if manner.speaks("persona-short"):
        return Form(name, needed(text("clip_id", _ID, 1)))
    if manner.speaks("persona-new"):
        return Form(name, needed(text("clip_id", _ID, 1)), *described, *span)
    return Form(name, clip, older, *described, *span, any_of=("clip_id", "continue_clip_id"))


def _producer(manner: Manner) -> dict[str, Form]:
    clip = text("clip_id", _ID)
    return {
        routes.PRODUCER_CREATE: Form(
            one_of("task_type", PRODUCER_TYPES),
            text("mv", _ID),
            text("sound", _LYRICS),
            text("lyrics", _LYRICS),
            text("lyrics_text", _LYRICS),
            text("instruction", _LYRICS),
            text("title", manner.title),
            flag("make_instrumental"),
            text("cover_url", _ADDRESS),
            Field("seed", _seed, {"type": ["string", "integer"], "maxLength": 20, "minimum": 0, "maximum": SEEDS - 1}),
            number("lyrics_strength", 0, 1),
            number("sound_strength", 0.2, 1),
            number("weirdness", 0, 1),
            clip,
            *(number(name) for name in ("starts_at", "starts", "ends_at", "ends")),
            number("length", 1, 360),
            number("strength", 0, 1),
            number("cover_strength", 0, 1),
            *_webhook(),
        ),
        routes.PRODUCER_UPLOAD: Form(needed(text("audio_url", _ADDRESS, 1)), *_webhook()),
        routes.PRODUCER_DOWNLOAD: Form(
            needed(text("clip_id", _ID, 1)), one_of("format", ("mp3", "wav"), required=True), *_webhook()
        ),
        # neither body is documented: what the words are called elsewhere is read
        routes.PRODUCER_LYRICS: Form(
            text("description", 1000), text("prompt", 1000), *_webhook(), any_of=("description", "prompt")
        ),
        routes.PRODUCER_VIDEO: Form(needed(text("clip_id", _ID, 1)), *_webhook()),
    }


def _seed(value: object) -> int:
    """Read a seed in any of its spellings (contract §10): a text that is no number is a number of its own."""
    if isinstance(value, str) and len(value) <= 20:
        if value.strip().isascii() and value.strip().isdecimal():
            return int(value) % SEEDS
        return sum(place * ord(letter) for place, letter in enumerate(value, 1)) % SEEDS
    if isinstance(value, int) and not isinstance(value, bool) and 0 <= value < SEEDS:
        return value
    raise ValueError(f"must be a string of at most 20 characters or an integer from 0 to {SEEDS - 1}.")


def _nuro() -> dict[str, Form]:
    vocal, bgm = nuro.VOCAL, nuro.BGM
    both = tuple(name for name in vocal if name in bgm)
    return {
        routes.NURO_CREATE: Form(
            one_of("type", NURO_TYPES, required=True),
            one_of("version", nuro.VERSIONS),
            text("lyrics", 2000),
            text("description", 2000),
            *(one_of(name, vocal[name]) for name in vocal if name not in bgm),
            *(_either(name, vocal[name], bgm[name]) for name in both),
            *(texts(name, 0, nuro.MOST_WORDS, bgm[name]) for name in bgm if name not in vocal),
            whole("duration", 1, 240),
            objects("segments", 0, 24),
            *_webhook(),
        )
    }


def _either(name: str, single: tuple[str, ...], several: tuple[str, ...]) -> Field:
    """A word of a song with a voice, or a list of words of one without."""
    word, words = one_of(name, single), texts(name, 0, nuro.MOST_WORDS, several)

    def read(value: object) -> object:
        return words.read(cast("object", value)) if isinstance(value, list) else word.read(value)

    schema = {
        "type": ["string", "array"],
        "anyOf": [{"type": "null"}, dict(word.schema), dict(words.schema)],
    }
    return Field(name, read, schema, "")
