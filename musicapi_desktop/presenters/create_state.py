"""What the Create panel shows, worked out from a draft: pure functions, no widgets and no services."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from PySide6.QtCore import QCoreApplication

from musicapi_desktop.domain.request import Mode, ModelLimits, Operation, Request, Voice
from musicapi_desktop.domain.rules import problems
from musicapi_desktop.domain.text import shared_words
from musicapi_desktop.wire.capabilities import rules_of
from musicapi_desktop.wire.limits import TAKES_PER_SONG, limits_of
from musicapi_desktop.wire.prices import price

from .profiles import ProfileState, profile_name
from .translate import QT_TRANSLATE_NOOP

translate = QCoreApplication.translate

_TOO_LONG = {
    "description": QT_TRANSLATE_NOOP("Create", "The description is too long"),
    "lyrics": QT_TRANSLATE_NOOP("Create", "The lyrics are too long"),
    "style": QT_TRANSLATE_NOOP("Create", "The style is too long"),
    "leave_out": QT_TRANSLATE_NOOP("Create", "The words to leave out are too long"),
    "title": QT_TRANSLATE_NOOP("Create", "The title is too long"),
    "duration": QT_TRANSLATE_NOOP("Create", "The length is out of range"),
    "songs": QT_TRANSLATE_NOOP("Create", "The number of songs is out of range"),
}
_UNSENDABLE = QT_TRANSLATE_NOOP("Create", "A field holds a character that cannot be sent")
_MAIN = {Mode.DESCRIBE: "description", Mode.LYRICS: "lyrics", Mode.INSTRUMENTAL: "style"}


@dataclass(frozen=True, slots=True)
class CreateState:
    """``problems`` and ``warnings`` are sentences by field; ``shown`` names the fields this mode and model have.

    ``button`` is the price or the reason; ``wants_key`` is True where pressing it opens the settings.
    """

    draft: Request
    limits: ModelLimits
    model_text: str
    local: bool
    shown: frozenset[str]
    problems: Mapping[str, str] = field(default_factory=dict[str, str])
    warnings: Mapping[str, str] = field(default_factory=dict[str, str])
    button: str = ""
    can_create: bool = False
    wants_key: bool = False
    takes_text: str = ""
    credits_text: str = ""
    credits_low: bool = False
    chips: tuple[str, ...] = ()
    detail_chips: tuple[str, ...] = ()


def describe(draft: Request, profile: ProfileState, *, busy: bool = False) -> CreateState:
    """The panel for ``draft`` with the profile in use. ``busy`` while a press is being kept."""
    limits = limits_of(draft.model)
    request = to_send(draft)
    found = problems(request, rules_of(request.operation, request.model, profile.active.base_url))
    missing = {name for name in found if not str(getattr(request, name, "x")).strip()}
    cost = credits_for(request, profile)
    wants_key = not profile.ready
    can_create = not found and not wants_key and not busy
    return CreateState(
        draft=draft,
        limits=limits,
        model_text=profile_name(profile.active) if profile.active.local else limits.label,
        local=profile.active.local,
        shown=_shown(draft, limits),
        problems={name: text for name, text in found.items() if name not in missing},
        warnings=_warnings(draft),
        button=_button(request, found, missing, cost, wants_key=wants_key),
        can_create=can_create or wants_key,
        wants_key=wants_key,
        takes_text=_takes_text(draft.songs),
        credits_text=_credits_text(profile),
        credits_low=bool(cost and profile.credits is not None and cost > profile.credits),
        chips=_option_chips(draft, limits),
        detail_chips=_detail_chips(draft, limits) if draft.mode is Mode.DESCRIBE else (),
    )


def to_send(draft: Request) -> Request:
    """``draft`` without the text of fields that its mode or model does not have."""
    limits = limits_of(draft.model)
    return replace(
        draft,
        model=limits.model,
        description=draft.description if draft.mode is Mode.DESCRIBE else "",
        lyrics=draft.lyrics if draft.mode is Mode.LYRICS else "",
        voice=draft.voice if limits.voices and not draft.instrumental else Voice.ANY,
        duration=draft.duration if limits.duration else None,
    )


def credits_for(request: Request, profile: ProfileState) -> int | None:
    """What all songs of ``request`` cost; 0 on this computer, None where nobody knows."""
    if profile.active.local:
        return 0
    described = request.mode is Mode.DESCRIBE
    each = price(profile.active.base_url, str(Operation.CREATE), model=request.model, described=described)
    return None if each is None else each * request.songs


def _shown(draft: Request, limits: ModelLimits) -> frozenset[str]:
    names = {_MAIN[draft.mode], "style", "leave_out", "title", "weirdness", "style_weight"}
    if limits.voices and not draft.instrumental:
        names.add("voice")
    if limits.duration:
        names.add("duration")
    return frozenset(names)


def _warnings(draft: Request) -> dict[str, str]:
    both = shared_words(draft.leave_out, draft.style)
    if not both:
        return {}
    words = ", ".join(f"“{word}”" for word in both)
    return {"leave_out": translate("Create", "{0} is in both Style and Leave out.").format(words)}


def _button(request: Request, found: Mapping[str, str], missing: set[str], cost: int | None, *, wants_key: bool) -> str:
    if wants_key:
        return translate("Create", "Add a key to create")
    if missing:
        return translate("Create", found[next(name for name in found if name in missing)])
    if found:
        name = next(iter(found))
        unsendable = "\0" in str(getattr(request, name, ""))
        return translate("Create", _UNSENDABLE if unsendable else _TOO_LONG.get(name, found[name]))
    takes = f"{request.songs * TAKES_PER_SONG:,}"
    if not cost:
        return translate("Create", "Create {0} takes").format(takes)
    return translate("Create", "Create {0} takes · about {1} credits").format(takes, f"{cost:,}")


def _takes_text(songs: int) -> str:
    words = translate("Create", "{0} takes") if songs == 1 else translate("Create", "{0} takes each")
    return "· " + words.format(TAKES_PER_SONG)


def _credits_text(profile: ProfileState) -> str:
    if profile.active.local:
        return translate("Create", "free on this computer")
    return "" if profile.credits is None else translate("Create", "{0} credits left").format(f"{profile.credits:,}")


def _option_chips(draft: Request, limits: ModelLimits) -> tuple[str, ...]:
    chips: list[str] = []
    if draft.weirdness is not None:
        chips.append(translate("Create", "weirdness {0}").format(f"{draft.weirdness:.2f}"))
    if draft.style_weight is not None:
        chips.append(translate("Create", "style weight {0}").format(f"{draft.style_weight:.2f}"))
    if draft.duration is not None and limits.duration:
        chips.append(translate("Create", "length {0}").format(length_text(round(draft.duration))))
    return tuple(chips)


def _detail_chips(draft: Request, limits: ModelLimits) -> tuple[str, ...]:
    chips: list[str] = []
    if draft.title.strip():
        chips.append(translate("Create", "title"))
    if draft.voice is not Voice.ANY and limits.voices:
        chips.append(
            translate("Create", "female voice") if draft.voice is Voice.FEMALE else translate("Create", "male voice")
        )
    if draft.leave_out.strip():
        chips.append(translate("Create", "leave out"))
    return tuple(chips)


def length_text(seconds: int) -> str:
    """Whole seconds as ``m:ss``."""
    return f"{seconds // 60}:{seconds % 60:02d}"
