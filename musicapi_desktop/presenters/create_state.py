"""What the Create panel shows, worked out from a draft: pure functions, no widgets and no services."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace

from PySide6.QtCore import QCoreApplication

from musicapi_desktop.domain.request import Mode, ModelLimits, Operation, Request, System, Voice
from musicapi_desktop.domain.rules import Rules, problems, warnings
from musicapi_desktop.domain.text import shared_words
from musicapi_desktop.models import words
from musicapi_desktop.wire.capabilities import rules_of, takes_of
from musicapi_desktop.wire.limits import limits_of

from .create_fields import OWN, PLAIN, ExtraField, extra_fields, modes_of, shown_fields
from .create_source import Picked, SourceView, view_of
from .operations import heading_of
from .profiles import ProfileState, profile_name
from .translate import QT_TRANSLATE_NOOP

translate = QCoreApplication.translate

_TOO_LONG = {
    "description": QT_TRANSLATE_NOOP("Create", "The description is too long"),
    "lyrics": QT_TRANSLATE_NOOP("Create", "The lyrics are too long"),
    "section_lyrics": QT_TRANSLATE_NOOP("Create", "The words of the section are too long"),
    "style": QT_TRANSLATE_NOOP("Create", "The style is too long"),
    "leave_out": QT_TRANSLATE_NOOP("Create", "The words to leave out are too long"),
    "title": QT_TRANSLATE_NOOP("Create", "The title is too long"),
    "duration": QT_TRANSLATE_NOOP("Create", "The length is out of range"),
    "songs": QT_TRANSLATE_NOOP("Create", "The number of songs is out of range"),
}
_UNSENDABLE = QT_TRANSLATE_NOOP("Create", "A field holds a character that cannot be sent")
_SYSTEM_NAMES = {System.NURO: "Nuro", System.PRODUCER: "Producer"}

_EMPTY: dict[str, object] = {
    **dict.fromkeys(("description", "lyrics", "section_lyrics", "title", "style", "leave_out", "variation"), ""),
    **dict.fromkeys(("duration", "weirdness", "style_weight", "audio_weight", "start", "end"), None),
    "persona_id": "",
    "url": "",
    "join": False,
}

Estimate = Callable[[Request], int]
"""What a request costs where it goes; 0 where it is free or nobody knows."""


@dataclass(frozen=True, slots=True)
class CreateState:
    """``problems`` and ``warnings`` are sentences by field; ``shown`` names the fields this mode and model have.

    ``button`` is the price or the reason; ``wants_key`` is True where pressing it opens the settings. ``source`` and
    ``second`` are the takes an operation works on; ``also`` are the models that get the same request. ``personas`` are
    (id, name); ``length`` the least and most seconds of a song, ``lengths`` the most characters of each field.
    """

    draft: Request
    limits: ModelLimits
    model_text: str
    local: bool
    shown: frozenset[str]
    operation: Operation = Operation.CREATE
    heading: str = ""
    modes: tuple[Mode, ...] = ()
    source: SourceView | None = None
    second: SourceView | None = None
    extras: tuple[ExtraField, ...] = ()
    also: tuple[str, ...] = ()
    also_text: str = ""
    personas: tuple[tuple[str, str], ...] = ()
    length: tuple[int, int] | None = None
    several: bool = True
    modelled: bool = True
    lengths: Mapping[str, int] = field(default_factory=dict[str, int])
    needed: tuple[str, ...] = ()
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

    @property
    def plain(self) -> bool:
        """True for an empty form, which needs no take."""
        return self.operation in PLAIN

    @property
    def has_model(self) -> bool:
        """Whether there is a model, or a place, to choose."""
        return self.plain or bool(self.modelled)

    @property
    def takes_two(self) -> bool:
        """True where the operation works on two takes."""
        return self.operation is Operation.MASHUP


@dataclass(frozen=True, slots=True)
class Table:
    """What surrounds a draft: the profile it goes to, what that costs, the takes it works on and when it is asked."""

    profile: ProfileState
    estimate: Estimate
    now: float = 0.0
    picked: Picked | None = None
    second: Picked | None = None
    also: tuple[str, ...] = ()
    personas: tuple[tuple[str, str], ...] = ()
    busy: bool = False

    def rules(self, draft: Request) -> Rules:
        """What the draft's operation accepts where it goes."""
        version = str(draft.extra.get("version", ""))
        return rules_of(draft.operation, draft.model, self.profile.active.base_url, version=version)


def describe(draft: Request, table: Table) -> CreateState:
    """The panel for ``draft``."""
    rules, profile = table.rules(draft), table.profile
    request = to_send(draft, rules)
    found = problems(request, rules)
    missing = _missing(request, found)
    cost = sum(table.estimate(each) for each in every_request(request, table))
    wants_key = not profile.ready
    held = _warnings(draft, request, rules, table)
    return CreateState(
        draft=draft,
        limits=rules.limits,
        model_text=_model_text(draft, rules, profile),
        local=profile.active.local,
        shown=shown_fields(draft, rules),
        operation=draft.operation,
        heading=heading_of(draft.operation),
        modes=modes_of(draft.operation, rules),
        source=view_of(table.picked, draft, rules, held.get("source", "")) if table.picked else None,
        second=view_of(table.second, Request(), rules) if table.second else None,
        extras=extra_fields(draft, rules),
        also=table.also,
        also_text=", ".join(limits_of(model).label for model in table.also),
        personas=table.personas,
        length=_length(rules),
        several=rules.songs > 1,
        modelled="model" in rules.fields,
        lengths=rules.lengths,
        needed=rules.needed,
        problems={name: text for name, text in found.items() if name not in missing},
        warnings=held,
        button=_button(request, found, missing, cost, wants_key=wants_key, takes=_takes(request, table)),
        can_create=wants_key or not (found or table.busy),
        wants_key=wants_key,
        takes_text=_takes_text(draft, several=rules.songs > 1),
        credits_text=_credits_text(profile),
        credits_low=bool(cost and profile.credits is not None and cost > profile.credits),
        chips=_option_chips(request, rules),
        detail_chips=_detail_chips(draft, rules) if draft.mode is Mode.DESCRIBE else (),
    )


def _missing(request: Request, found: Mapping[str, str]) -> set[str]:
    """The fields with a problem that are empty."""
    return {name for name in found if not str(getattr(request, name, request.extra.get(name, "x")) or "").strip()}


def to_send(draft: Request, rules: Rules) -> Request:
    """``draft`` without the text of fields that its operation, mode or model does not have."""
    fields = rules.fields
    changes: dict[str, object] = {name: empty for name, empty in _EMPTY.items() if name not in _texts(fields)}
    changes |= _unused_words(draft, rules)
    if "voice" not in fields or ("words" in fields and draft.instrumental):
        changes["voice"] = Voice.ANY
    changes["songs"] = draft.songs if rules.songs > 1 else 1
    changes["model"] = rules.limits.model if "model" in fields else ""
    changes["extra"] = {name: value for name, value in draft.extra.items() if _kept(name, value, draft, rules)}
    return replace(draft, **changes)  # type: ignore[arg-type]  # each name is a field of Request with its own type


def _unused_words(draft: Request, rules: Rules) -> dict[str, object]:
    if not modes_of(draft.operation, rules):
        return {}
    unused: dict[str, object] = {}
    if draft.mode is not Mode.DESCRIBE and draft.operation is not Operation.NURO_BGM:
        unused["description"] = ""
    if draft.mode is not Mode.LYRICS:
        unused["lyrics"] = ""
    return unused


def every_request(request: Request, table: Table) -> tuple[Request, ...]:
    """The request, and the same for every other model it is compared with."""
    others = [replace(request, model=model) for model in table.also if model != request.model]
    return (request, *(to_send(each, table.rules(each)) for each in others))


def _texts(fields: frozenset[str]) -> frozenset[str]:
    return fields | {"description", "lyrics"} if "words" in fields else fields


def _kept(name: str, value: object, draft: Request, rules: Rules) -> bool:
    if name == "auto_lyrics" and draft.mode is not Mode.LYRICS:
        return False
    known = name in rules.fields or name in OWN
    seen = name in {each.name for each in extra_fields(draft, rules)} or name in ("auto_lyrics", "format", "formats")
    return known and seen and value not in ("", None, (), [], False)


def _takes(request: Request, table: Table) -> int:
    return request.songs * takes_of(request.operation) * len(every_request(request, table))


def _model_text(draft: Request, rules: Rules, profile: ProfileState) -> str:
    named = _SYSTEM_NAMES.get(draft.operation.system)
    if profile.active.local:
        where = profile_name(profile.active)
        return f"{where} · {named}" if named else where
    if draft.operation.system is System.PRODUCER:
        return f"{named} · {rules.limits.label}"
    return rules.limits.label


def _warnings(draft: Request, request: Request, rules: Rules, table: Table) -> dict[str, str]:
    made = table.picked.take.created_at if table.picked else 0.0
    found = warnings(request, rules, table.now - made if made and table.now else None)
    both = shared_words(draft.leave_out, draft.style)
    if both:
        listed = ", ".join(f"“{word}”" for word in both)
        found["leave_out"] = translate("Create", "{0} is in both Style and Leave out.").format(listed)
    return found


def _button(
    request: Request, found: Mapping[str, str], missing: set[str], cost: int, *, wants_key: bool, takes: int
) -> str:
    if wants_key:
        return translate("Create", "Add a key to create")
    if missing:
        return translate("Create", found[next(name for name in found if name in missing)]).rstrip(".")
    if found:
        name = next(iter(found))
        unsendable = "\0" in str(getattr(request, name, ""))
        return translate("Create", _UNSENDABLE if unsendable else _TOO_LONG.get(name, found[name])).rstrip(".")
    said = _press(request.operation, takes)
    about = translate("Create", "about {0}").format(words.plural("Create", "{0} credit(s)", cost))
    return f"{said} · {about}" if cost else said


def _press(operation: Operation, takes: int) -> str:
    if operation in PLAIN:
        if takes == 1:
            return translate("Create", "Create 1 take")
        return translate("Create", "Create {0} takes").format(f"{takes:,}")
    return heading_of(operation)


def _takes_text(draft: Request, *, several: bool) -> str:
    takes = takes_of(draft.operation)
    if not takes:
        return ""
    if takes == 1:
        said = translate("Create", "1 take") if not several or draft.songs == 1 else translate("Create", "1 take each")
    else:
        each = several and draft.songs > 1
        said = (translate("Create", "{0} takes each") if each else translate("Create", "{0} takes")).format(takes)
    return "· " + said if several else said


def _credits_text(profile: ProfileState) -> str:
    if profile.active.local:
        return translate("Create", "free on this computer")
    return "" if profile.credits is None else translate("Create", "{0} credits left").format(f"{profile.credits:,}")


def _length(rules: Rules) -> tuple[int, int] | None:
    found = rules.ranges.get("duration")
    return (round(found[0]), round(found[1])) if found else None


def _option_chips(request: Request, rules: Rules) -> tuple[str, ...]:
    chips: list[str] = []
    for name, said in (
        ("weirdness", translate("Create", "weirdness {0}")),
        ("style_weight", translate("Create", "style weight {0}")),
        ("audio_weight", translate("Create", "weight of the source {0}")),
    ):
        value: float | None = getattr(request, name)
        if value is not None and name in rules.fields:
            chips.append(said.format(f"{value:.2f}"))
    if request.duration is not None and "duration" in rules.fields:
        chips.append(translate("Create", "length {0}").format(length_text(round(request.duration))))
    if request.persona_id:
        chips.append(translate("Create", "persona"))
    return tuple(chips)


def _detail_chips(draft: Request, rules: Rules) -> tuple[str, ...]:
    chips: list[str] = []
    if draft.title.strip():
        chips.append(translate("Create", "title"))
    if draft.voice is not Voice.ANY and "voice" in rules.fields:
        chips.append(
            translate("Create", "female voice") if draft.voice is Voice.FEMALE else translate("Create", "male voice")
        )
    if draft.leave_out.strip() and "leave_out" in rules.fields:
        chips.append(translate("Create", "leave out"))
    return tuple(chips)


def length_text(seconds: int) -> str:
    """Whole seconds as ``m:ss``."""
    return f"{seconds // 60}:{seconds % 60:02d}"
