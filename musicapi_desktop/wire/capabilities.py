"""What exists where: operations, fields, limits and models per host and model, as data (contract §2, §3, §8–§11)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from types import MappingProxyType
from typing import Final

from musicapi_desktop.domain.request import MAX_SONGS, ModelLimits, Operation, Outcome, System
from musicapi_desktop.domain.rules import Rules

from . import nuro
from .hosts import AIMUSICAPI, MUSICAPI, SUNOAPI, host_of
from .limits import MODELS, NURO_MODEL, PRODUCER_MODELS, REMIX_MODEL, canonical_model, limits_of
from .operations import SPECS, in_a_batch

O = Operation  # noqa: E741  # the tables read better so

_PRODUCER_ONLY_CREATES: Final = "This host has retired every way of Producer but Create. Use another profile for it."
_NURO_GONE: Final = "This host has retired Nuro: songs are made with Sonic there, background music with Producer."
_NOT_SOLD: Final = "This host does not offer this. Use another profile for it."

RETIRED: Final[Mapping[str, Mapping[Operation, str]]] = MappingProxyType(
    {
        MUSICAPI: MappingProxyType(dict.fromkeys((O.PRODUCER_LYRICS, O.PRODUCER_VIDEO), _NOT_SOLD)),
        SUNOAPI: MappingProxyType(dict.fromkeys((O.PRODUCER_LYRICS, O.PRODUCER_VIDEO), _NOT_SOLD)),
        AIMUSICAPI: MappingProxyType(
            {
                **dict.fromkeys((O.PRODUCER_EXTEND, O.PRODUCER_REPLACE, O.PRODUCER_COVER), _PRODUCER_ONLY_CREATES),
                **dict.fromkeys((O.NURO_VOCAL, O.NURO_BGM), _NURO_GONE),
            }
        ),
    }
)
"""Why an operation cannot be had at a host. A host that is not listed, and this computer, are asked for anything."""

RETIRED_SYSTEMS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "riffusion": "The service has retired Riffusion. What was made with it can still be read; use Producer now.",
        "studio": "The service has retired Studio. What was made with it can still be read; use Create now.",
    }
)
"""Families of models that are gone everywhere: nothing is sent to them, old tasks can be read."""

_SPANS: Final = {O.SAMPLE: (6.0, 60.0), O.VOX: (0.0, 30.0), O.PERSONA: (0.0, 30.0)}
_LENGTHS: Final[Mapping[Operation, Mapping[str, int]]] = {
    O.MASHUP: {"lyrics": 3000, "style": 200, "description": 200},
    O.LYRICS: {"description": 120},
    O.PRODUCER_LYRICS: {"description": 400},
    O.PERSONA: {"title": 80, "description": 200},
    O.UPSAMPLE_TAGS: {"style": 1000},
    O.NURO_VOCAL: {"lyrics": 2000},
    O.NURO_BGM: {"description": 400},
}
_VERSION_2: Final = {"description": 199}
_LEAST: Final = {O.NURO_VOCAL: {"lyrics": 300}}
_RANGES: Final[Mapping[Operation, Mapping[str, tuple[float, float]]]] = {
    O.NURO_VOCAL: {"duration": (30, 240)},
    O.NURO_BGM: {"duration": (1, 60)},
    **{
        operation: {"lyrics_strength": (0, 1), "sound_strength": (0.2, 1)}
        for operation in (O.PRODUCER_CREATE, O.PRODUCER_EXTEND, O.PRODUCER_REPLACE, O.PRODUCER_COVER)
    },
}
_CHOICES: Final[Mapping[Operation, Mapping[str, tuple[str, ...]]]] = {
    O.REMASTER: {"variation": ("subtle", "normal", "high")},
    O.DOWNLOAD: {"formats": ("mp3", "m4a", "wav")},
    O.PRODUCER_DOWNLOAD: {"format": ("mp3", "wav")},
    O.NURO_VOCAL: {name: words for name, words in nuro.VOCAL.items() if name != "gender"},
    O.NURO_BGM: {**nuro.BGM, "version": nuro.VERSIONS},
}
_SEVERAL: Final = {O.NURO_BGM: dict.fromkeys(nuro.BGM, nuro.MOST_WORDS), O.DOWNLOAD: {"formats": 3}}
_MODEL_TEXTS: Final = ("lyrics", "style", "description", "title")


def operations(base_url: str) -> tuple[Operation, ...]:
    """Return what can be had at a host, in the order of the contract; an empty address is this computer."""
    gone = RETIRED.get(host_of(base_url), {})
    return tuple(operation for operation in Operation if operation not in gone)


def models(operation: Operation) -> tuple[ModelLimits, ...]:
    """Return the models to choose from, newest first; empty where an operation has none. Other names pass as well."""
    if "model" not in SPECS[operation].names:
        return ()
    if operation.system is System.PRODUCER:
        return tuple(PRODUCER_MODELS.values())
    return (*MODELS.values(), REMIX_MODEL) if operation in (O.SAMPLE, O.MASHUP) else tuple(MODELS.values())


def rules_of(operation: Operation, model: str = "", base_url: str = "", *, version: str = "") -> Rules:
    """Return what ``operation`` accepts with ``model`` at ``base_url``; an empty address is this computer.

    ``version`` is Nuro's (``v2.0`` measures differently). A model nobody heard of has the newest one's limits.
    """
    spec, limits = SPECS[operation], _limits(operation, model)
    fields = set(spec.names)
    if "words" in fields:
        fields |= {"description", "lyrics"}
    ranges: dict[str, tuple[float, float]] = dict(_RANGES.get(operation, {}))
    if "voice" in fields and not limits.voices:
        fields.discard("voice")
    if "variation" in fields and not limits.variations:
        fields.discard("variation")
    if operation.system is System.SONIC and "duration" in fields:
        if limits.duration is None:
            fields.discard("duration")
        else:
            ranges["duration"] = limits.duration
    lengths: dict[str, int] = {name: getattr(limits, name) for name in _MODEL_TEXTS}
    lengths |= {"leave_out": limits.style, "section_lyrics": limits.lyrics, **_LENGTHS.get(operation, {})}
    if operation is O.NURO_BGM and version == nuro.VERSIONS[1]:
        lengths |= _VERSION_2
        ranges["duration"] = (30, 120)
    return Rules(
        operation=operation,
        limits=limits,
        fields=frozenset(fields),
        needed=spec.needed,
        lengths=MappingProxyType(lengths),
        ranges=MappingProxyType(ranges),
        span=_SPANS.get(operation),
        choices=MappingProxyType(_CHOICES.get(operation, {})),
        several=MappingProxyType(_SEVERAL.get(operation, {})),
        least_lengths=MappingProxyType(_LEAST.get(operation, {})),
        songs=MAX_SONGS if in_a_batch(operation) else 1,
        # the engine of this computer keeps what it made
        young=spec.young and bool(base_url),
        retired=RETIRED.get(host_of(base_url), {}).get(operation, ""),
    )


def takes_of(operation: Operation) -> int:
    """Return how many takes a song of this operation has (contract §3: two of each, but for joins and uploads)."""
    return SPECS[operation].takes if operation.outcome is Outcome.SONG else 0


def _limits(operation: Operation, model: str) -> ModelLimits:
    if operation.system is System.NURO:
        return NURO_MODEL
    if operation.system is System.PRODUCER:
        name = model.strip()
        usual = next(iter(PRODUCER_MODELS.values()))
        return PRODUCER_MODELS.get(name) or (replace(usual, model=name, label=name) if name else usual)
    return REMIX_MODEL if canonical_model(model) == REMIX_MODEL.model else limits_of(model)
