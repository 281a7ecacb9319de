"""Models and what each accepts (contract §2), as data. A model that is not listed is used with the newest limits."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from types import MappingProxyType
from typing import Final

from musicapi_desktop.domain.request import ModelLimits, System

BATCH_ITEMS: Final = 10
"""The most create bodies in one batch (contract §9)."""
WEBHOOK_URL: Final = 1024

_DURATION: Final = (10, 360)

_NEWEST: Final = ModelLimits("sonic-v6", "Sonic v6", duration=_DURATION)

MODELS: Final[Mapping[str, ModelLimits]] = MappingProxyType(
    {
        limits.model: limits
        for limits in (
            _NEWEST,
            ModelLimits("sonic-v6-wild", "Sonic v6 Wild", duration=_DURATION),
            ModelLimits("sonic-v6-mini", "Sonic v6 Mini", duration=_DURATION),
            ModelLimits("sonic-v5-5", "Sonic v5.5", variations=True),
            ModelLimits("sonic-v5", "Sonic v5", variations=True),
            ModelLimits("sonic-v4-5-plus", "Sonic v4.5+"),
            ModelLimits("sonic-v4-5", "Sonic v4.5"),
            ModelLimits("sonic-v4", "Sonic v4", lyrics=3000, style=200, voices=False),
            ModelLimits("sonic-v3-5", "Sonic v3.5", lyrics=3000, style=200, voices=False),
        )
    }
)
"""The models of ``create_music`` by name, newest first (the order of the menu)."""

DEFAULT_MODEL: Final = _NEWEST.model

REMIX_MODEL: Final = ModelLimits("sonic-v4-5-all", "Sonic v4.5 All")
"""A model of ``sample`` and ``mashup`` alone."""

PRODUCER_MODELS: Final[Mapping[str, ModelLimits]] = MappingProxyType(
    {
        model: ModelLimits(model, model, voices=False)
        for model in (
            "FUZZ-2.0",
            "FUZZ-2.0 Pro",
            "FUZZ-2.0 Raw",
            "FUZZ-3-Demo",
            "FUZZ-1.1 Pro",
            "FUZZ-1.1",
            "FUZZ-1.0 Pro",
            "FUZZ-1.0",
            "FUZZ-0.8",
        )
    }
)
"""The models of Producer, the usual one first; where it was moved to another backend the names still pass there."""

NURO_MODEL: Final = ModelLimits("", "Nuro", lyrics=2000)
"""Nuro has no models to choose from."""

ALIASES: Final[Mapping[str, str]] = MappingProxyType({model.replace("sonic", "chirp"): model for model in MODELS})
"""The ``chirp-*`` spellings. The service echoes either spelling, so names are never compared for equality."""

OLD_MODELS: Final = frozenset({"sonic-v3-5", "sonic-v4"})
"""The models that know no voice choice; some hosts sell them cheaper (contract §13)."""


def canonical_model(model: str) -> str:
    """Return the ``sonic-*`` spelling of ``model``; a name that is not known comes back as it is."""
    name = model.strip()
    return ALIASES.get(name.lower(), MODELS[name.lower()].model if name.lower() in MODELS else name)


def default_model(system: System) -> str:
    """Return the model a request of ``system`` goes to that names none."""
    return {System.SONIC: DEFAULT_MODEL, System.PRODUCER: next(iter(PRODUCER_MODELS))}.get(system, "")


def limits_of(model: str) -> ModelLimits:
    """Return what ``model`` accepts. An empty name means the default model; an unknown one gets the newest limits."""
    name = canonical_model(model) or DEFAULT_MODEL
    return MODELS.get(name) or PRODUCER_MODELS.get(name) or replace(_NEWEST, model=name, label=name)
