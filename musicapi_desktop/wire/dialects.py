"""Every spelling of the service the documents show (contract §17), as data, for a server told to speak one of them.

A topic is a row of the table, a dialect one of its columns. The first dialect of a topic is what a server speaks that
is told nothing. Every combination is legal: where two dialects of one topic are named, the last one counts.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from musicapi_desktop.domain.errors import InvalidRequest


@dataclass(frozen=True, slots=True)
class Dialect:
    """One spelling: ``name`` for the command line, the ``topic`` it belongs to, and what it changes in a sentence."""

    name: str
    topic: str
    changes: str


_TABLE: Final[Mapping[str, Mapping[str, str]]] = {
    "batch query key": {
        "batch-key-any": "GET batch reads batch_id and id",
        "batch-key-batch-id": "GET batch reads batch_id alone; without it 400",
        "batch-key-id": "GET batch reads id alone; without it 400",
    },
    "batch element": {
        "batch-objects": "tasks[] of a submitted batch are objects with index, task_id and status",
        "batch-texts": "tasks[] of a submitted batch are task ids; where an item was refused they are objects",
        "batch-no-aggregate": "GET batch answers 404: every task is asked after alone",
    },
    "batch webhook": {
        "batch-webhook-each": "every task of a batch is told by itself",
        "batch-webhook-whole": "webhook_url of the batch is told of each task, one of an item is not read",
    },
    "submit body": {
        "submit-code": "a submit answers code 200, message and task_id",
        "submit-bare": "a submit answers message and task_id",
        "submit-data": "a submit answers message and data.task_id",
    },
    "code type": {
        "code-number": "code is 200",
        "code-absent": "code is left out of every success",
        "code-text": 'code is the text "success"',
    },
    "in-progress poll": {
        "poll-list": "a task that runs is a list of clips, pending or running",
        "poll-202": "a task that runs answers HTTP 202 with type not_ready",
        "poll-200-not-ready": "a task that runs answers HTTP 200 with type not_ready",
    },
    "task state words": {
        "words-plain": "pending, running, succeeded, failed",
        "words-streaming": "processing while it runs, and streaming with a stream's address before the end",
        "words-upper": "PENDING, RUNNING, SUCCESS, FAILED",
    },
    "state location": {
        "state-in-clip": "each clip has its state",
        "state-on-top": "the answer has a status, clips have no state",
        "state-in-data": "data is an object with status and clips[]; clips have no state",
    },
    "data type": {
        "data-list": "data is the list of clips",
        "data-clips": "data is an object with clips[]",
        "data-bare": "the answer is the list of clips itself",
    },
    "duration": {
        "duration-text": 'a decimal text, "104.88"',
        "duration-whole": "a whole number of seconds",
        "duration-float": "a number with decimals",
        "duration-null": "null, also at the end",
        "duration-zero": "0, also at the end",
    },
    "video_url, gpt_description_prompt": {
        "empty-null": "null where there is none",
        "empty-text": "an empty text where there is none",
        "empty-absent": "the key is left out",
    },
    "negative_tags, style_weight, weirdness_constraint": {
        "extras-value": "what the request said, null where it said nothing",
        "extras-null": "always null",
        "extras-absent": "the keys are left out",
    },
    "mv echo": {
        "echo-sonic": "the model's sonic spelling",
        "echo-chirp": "the model's chirp spelling",
        "echo-fuzz": "a FUZZ name whatever was asked for",
    },
    "namespace": {
        "namespace-both": "/sonic and /suno",
        "namespace-suno": "/suno alone; /sonic is the platform's own 404",
    },
    "unknown task": {
        "unknown-404": "404 not_found",
        "unknown-400": "400 validation_error",
    },
    "no credits": {
        "credits-403": "403 forbidden",
        "credits-402": "402 insufficient_credits",
    },
    "error text key": {
        "error-both": "error and message",
        "error-error": "error alone",
        "error-message": "message alone",
        "error-detail": "detail alone",
        "error-nested": "error is an object with type and message",
    },
    "title limit": {
        "title-80": "at most 80 characters",
        "title-120": "at most 120 characters",
    },
    "description limit": {
        "description-400": "at most 400 characters",
        "description-200": "at most 200 characters",
    },
    "use_suno_cdn": {
        "cdn-optional": "may be left out",
        "cdn-required": "400 where it is missing or no boolean",
        "cdn-unknown": "not read at all",
    },
    "custom_mode on extend and cover": {
        "custom-mode-optional": "may be left out",
        "custom-mode-required": "400 where it is missing",
    },
    "upload-clip task_type": {
        "upload-types-both": "extend_music and extend_upload_music alike for an uploaded clip, so for cover",
        "upload-types-own": "an uploaded clip wants extend_upload_music or cover_upload_music; 400 otherwise",
        "upload-types-plain": "extend_upload_music and cover_upload_music are no task types; 400",
    },
    "continue_at": {
        "continue-at-float": "any number of seconds",
        "continue-at-whole": "a whole number of seconds; 400 otherwise",
    },
    "stems basic count": {
        "stems-basic-2": "vocals and instrumental",
        "stems-basic-4": "four stems",
    },
    "stems full count": {
        "stems-full-12": "twelve stems",
        "stems-full-24": "24 stems",
    },
    "stem label": {
        "stem-label-title": "the title ends in the name in parentheses",
        "stem-label-type": "the key stem_type",
        "stem-label-dash": "the title ends in a dash and the name",
    },
    "silent stems": {
        "stems-silent-kept": "a stem without sound is delivered",
        "stems-silent-missing": "a stem without sound is left out",
    },
    "persona body": {
        "persona-any": "clip_id or continue_clip_id, with name and what else there is",
        "persona-old": "name, description and continue_clip_id; 400 where one is missing",
        "persona-short": "clip_id and name; 400 where one is missing",
        "persona-new": "name and clip_id, with describe, styles, vox_audio_id and a range",
    },
    "persona availability": {
        "persona-there": "personas are made and sung with",
        "persona-gone": "410 endpoint_retired for persona and persona_music",
    },
    "wav": {
        "wav-sync": "POST wav answers with the address",
        "wav-gone": "POST wav is the platform's own 404; POST download is there",
        "wav-retired": "POST wav answers 410 endpoint_retired; POST download is there",
    },
    "download": {
        "download-at-once": "POST download answers with the files",
        "download-202": "POST download answers 202 not_ready first",
    },
    "wav cost": {
        "wav-costs-2": "2 credits",
        "wav-costs-1": "1 credit",
    },
    "midi": {
        "midi-at-once": "POST midi answers with the notes",
        "midi-repeated": "POST midi answers not_ready until the notes are there",
    },
    "aligned lyrics": {
        "alignment-at-once": "POST aligned-lyrics answers with the words",
        "alignment-repeated": "alignment is null until the words are there",
    },
    "lyrics": {
        "lyrics-description": "POST lyrics reads description; the drafts lie under results",
        "lyrics-prompt": "POST lyrics reads prompt alone; the drafts lie under data",
    },
    "upload": {
        "upload-top": "POST upload answers with clip_id",
        "upload-data": "POST upload answers with data.clip_id",
        "upload-task": "POST upload answers with task_id",
    },
    "one-shot upload": {
        "steps-top": "upload-extend and upload-cover answer task_id and steps",
        "steps-data": "upload-extend and upload-cover answer data.task_id and steps",
    },
    "upload length": {
        "upload-8-minutes": "audio of up to 8 minutes",
        "upload-60-seconds": "audio of 6 to 60 seconds; 400 otherwise",
    },
    "webhook signature": {
        "webhook-sha256": "X-Webhook-Signature: sha256= over timestamp, dot and body",
        "webhook-plain": "X-Signature over the body, no timestamp, nothing while it streams",
        "webhook-default-secret": "without a secret of the request it is signed with one of the service's own",
    },
    "webhook platform": {
        "platform-suno": "platform is suno",
        "platform-sonic": "platform is sonic",
    },
    "nuro": {
        "nuro-active": "Nuro makes songs",
        "nuro-retired": "410 endpoint_retired for nuro create and task",
    },
    "producer backend": {
        "producer-fuzz": "seven task types, FUZZ models; a task that runs answers 202",
        "producer-lyria": "create, extend, replace, cover; swaps and variation 410; 402 and 502 are used",
        "producer-create-only": "create alone, others 410; the answer has an upper-case status on top",
    },
    "producer seed": {
        "seed-text": "seed is a text",
        "seed-number": "seed is a number",
        "seed-ignored": "seed is not read and comes back null",
    },
    "prices": {
        "prices-musicapi": "the prices of api.musicapi.ai",
        "prices-musicapi-2026-10": "the newer prices of api.musicapi.ai",
        "prices-aimusicapi": "the prices of api.aimusicapi.ai",
    },
    "pace": {
        "pace-free": "any number of requests",
        "pace-limited": "429 rate_limit for a request less than 3 s after the last one",
    },
}

DIALECTS: Final[tuple[Dialect, ...]] = tuple(
    Dialect(name, topic, changes) for topic, names in _TABLE.items() for name, changes in names.items()
)
"""All of them, by topic; the first of each topic is the usual one."""

BY_NAME: Final[Mapping[str, Dialect]] = MappingProxyType({dialect.name: dialect for dialect in DIALECTS})

TOPICS: Final[Mapping[str, tuple[str, ...]]] = MappingProxyType(
    {topic: tuple(names) for topic, names in _TABLE.items()}
)
"""The names by topic, the usual one first."""


def spoken(names: Iterable[str] = ()) -> frozenset[str]:
    """Return the dialects in force, one per topic: the usual ones, and ``names`` in their place.

    Raises InvalidRequest("dialect") for a name that is not in the table.
    """
    chosen = {topic: usual[0] for topic, usual in TOPICS.items()}
    for name in names:
        dialect = BY_NAME.get(name)
        if dialect is None:
            raise InvalidRequest({"dialect": f"There is no dialect “{name}”."})
        chosen[dialect.topic] = name
    return frozenset(chosen.values())
