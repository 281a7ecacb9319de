"""What the server keeps of a task, a clip and a batch, and its form on disk."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from enum import StrEnum

from musicapi_desktop.wire.values import Json, flag, items, mapping, number, text, whole

PREVIEW = "preview.wav"
"""What can be heard of a take while it is made, in its clip's folder."""


class State(StrEnum):
    """Where a clip is; *running* is known to the process only, on disk such a clip is still pending."""

    PENDING = "pending"
    SUCCEEDED = "succeeded"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Order:
    """A request for music that passed every check: what each take is made from.

    ``operation`` is the contract's word. ``sources`` are the clips it works on, by id; ``start`` and ``end`` lie in
    the first of them, in seconds. ``join``: the whole song is wanted beside the new part.
    """

    mv: str
    title: str = ""
    lyrics: str = ""
    description: str = ""
    tags: str = ""
    negative_tags: str = ""
    instrumental: bool = False
    vocal_gender: str = ""
    duration: float | None = None
    weirdness: float | None = None
    style_weight: float | None = None
    seed: int = 0
    operation: str = "create_music"
    sources: tuple[str, ...] = ()
    start: float | None = None
    end: float | None = None
    section_lyrics: str = ""
    audio_weight: float | None = None
    variation: str = ""
    persona_id: str = ""
    join: bool = False


@dataclass(frozen=True, slots=True)
class Stem:
    """A stem beside its clip's mix; ``file`` is the name of its master without the extension.

    ``draft`` where it was taken out of a finished recording.
    """

    name: str
    file: str
    silent: bool
    draft: bool = False


@dataclass(frozen=True, slots=True)
class ClipRecord:
    """One clip. Times are Unix seconds, ``seconds`` its length once it is known.

    ``owner`` is the clip whose folder holds the masters (its own for a take, the take for a stem), ``parts`` the
    masters that add up to this clip. ``archived`` is True once the masters are FLAC instead of WAV.
    ``operation`` made it from the clips ``sources``, beginning at ``start`` of the first. ``full`` is the clip of the
    whole song where this one is its new part alone. ``uploaded`` came from outside. ``members`` are the canonical stems
    a stem adds up. ``slowest`` and ``fastest`` bound the tempo where it was heard rather than written.
    """

    clip_id: str
    task_id: str
    position: int
    state: State = State.PENDING
    created_at: float = 0.0
    mv: str = ""
    title: str = ""
    tags: str = ""
    lyrics: str = ""
    description: str = ""
    negative_tags: str = ""
    style_weight: float | None = None
    weirdness: float | None = None
    seconds: float | None = None
    bpm: float | None = None
    key: str = ""
    seed: int = 0
    engine: str = ""
    error: str = ""
    stem_type: str = ""
    silent: bool = False
    owner: str = ""
    parts: tuple[str, ...] = ()
    stems: tuple[Stem, ...] = ()
    archived: bool = False
    draft: bool = False
    operation: str = ""
    sources: tuple[str, ...] = ()
    start: float | None = None
    full: str = ""
    uploaded: bool = False
    members: tuple[str, ...] = ()
    slowest: float | None = None
    fastest: float | None = None


@dataclass(frozen=True, slots=True)
class TaskRecord:
    """One task. ``operation`` is the contract's word; ``order`` is None for what is cut from a clip.

    ``system`` is the path's family. ``errand`` says what to do where no clip is made (a voice, a download): its end is
    a ``result`` or an ``error``. ``echo`` is what the answer says again of the request.
    """

    task_id: str
    operation: str
    created_at: float
    cost: int
    clip_ids: tuple[str, ...]
    order: Order | None = None
    system: str = "sonic"
    errand: Json = field(default_factory=dict[str, object])
    result: Json = field(default_factory=dict[str, object])
    error: str = ""
    echo: Json = field(default_factory=dict[str, object])

    def share(self, position: int) -> int:
        """Return the credits that belong to the clip at ``position``; the shares add up to the cost."""
        clips = max(1, len(self.clip_ids))
        return self.cost * (position + 1) // clips - self.cost * position // clips


@dataclass(frozen=True, slots=True)
class Entry:
    """One item of a batch: a task, or the refusal (``kind``, ``error``)."""

    index: int
    task_id: str = ""
    kind: str = ""
    error: str = ""


@dataclass(frozen=True, slots=True)
class BatchRecord:
    """Up to ten create requests sent together."""

    batch_id: str
    created_at: float = 0.0
    entries: tuple[Entry, ...] = field(default=())


@dataclass(frozen=True, slots=True)
class VoiceRecord:
    """A voice that songs can be sung with. ``data`` is the music's own description of it; empty for an excerpt.

    An excerpt (``vox``) is a range of a clip, in seconds, that a persona can be made from.
    """

    voice_id: str
    name: str = ""
    created_at: float = 0.0
    data: Json = field(default_factory=dict[str, object])
    clip_id: str = ""
    start: float | None = None
    end: float | None = None


Record = TaskRecord | ClipRecord | BatchRecord | VoiceRecord


def to_json(record: Record) -> dict[str, object]:
    """Return a record's form on disk."""
    return asdict(record)


def read_task(source: Json) -> TaskRecord:
    """Return the task a file holds. Raises ValueError where it holds none."""
    order = mapping(source.get("order"))
    return TaskRecord(
        task_id=_id(source, "task_id"),
        operation=text(source.get("operation")),
        created_at=number(source.get("created_at")) or 0.0,
        cost=whole(source.get("cost")) or 0,
        clip_ids=tuple(text(entry) for entry in items(source.get("clip_ids"))),
        order=_read_order(order) if order else None,
        system=text(source.get("system")) or "sonic",
        errand=mapping(source.get("errand")),
        result=mapping(source.get("result")),
        error=text(source.get("error")),
        echo=mapping(source.get("echo")),
    )


def _read_order(source: Json) -> Order:
    texts = {name: text(source.get(name)) for name in _ORDER_TEXTS}
    texts["operation"] = texts["operation"] or "create_music"
    return Order(
        **texts,
        instrumental=flag(source.get("instrumental")) or False,
        duration=number(source.get("duration")),
        weirdness=number(source.get("weirdness")),
        style_weight=number(source.get("style_weight")),
        seed=_seed(source),
        sources=_texts(source, "sources"),
        start=number(source.get("start")),
        end=number(source.get("end")),
        audio_weight=number(source.get("audio_weight")),
        join=flag(source.get("join")) or False,
    )


_ORDER_TEXTS = (
    "mv", "title", "lyrics", "description", "tags", "negative_tags", "vocal_gender", "operation", "section_lyrics",
    "variation", "persona_id",
)  # fmt: skip
_CLIP_TEXTS = (
    "clip_id", "task_id", "mv", "title", "tags", "lyrics", "description", "negative_tags", "key", "engine", "error",
    "stem_type", "owner", "operation", "full",
)  # fmt: skip


def read_clip(source: Json) -> ClipRecord:
    """Return the clip a file holds. Raises ValueError where it holds none."""
    _id(source, "clip_id")
    _id(source, "task_id")
    return ClipRecord(
        **{name: text(source.get(name)) for name in _CLIP_TEXTS},
        position=whole(source.get("position")) or 0,
        state=State(text(source.get("state"))),
        created_at=number(source.get("created_at")) or 0.0,
        style_weight=number(source.get("style_weight")),
        weirdness=number(source.get("weirdness")),
        seconds=number(source.get("seconds")),
        bpm=number(source.get("bpm")),
        seed=_seed(source),
        silent=flag(source.get("silent")) or False,
        parts=_texts(source, "parts"),
        stems=tuple(read_stem(mapping(entry)) for entry in items(source.get("stems"))),
        sources=_texts(source, "sources"),
        members=_texts(source, "members"),
        start=number(source.get("start")),
        slowest=number(source.get("slowest")),
        fastest=number(source.get("fastest")),
        archived=flag(source.get("archived")) or False,
        draft=flag(source.get("draft")) or False,
        uploaded=flag(source.get("uploaded")) or False,
    )


def read_stem(source: Json) -> Stem:
    """Return the stem a worker or a file names."""
    return Stem(
        text(source.get("name")),
        text(source.get("file")),
        flag(source.get("silent")) or False,
        flag(source.get("draft")) or False,
    )


def _texts(source: Json, key: str) -> tuple[str, ...]:
    return tuple(text(entry) for entry in items(source.get(key)))


def read_voice(source: Json) -> VoiceRecord:
    """Return the voice a file holds. Raises ValueError where it holds none."""
    return VoiceRecord(
        _id(source, "voice_id"),
        text(source.get("name")),
        number(source.get("created_at")) or 0.0,
        mapping(source.get("data")),
        text(source.get("clip_id")),
        number(source.get("start")),
        number(source.get("end")),
    )


def read_batch(source: Json) -> BatchRecord:
    """Return the batch a file holds. Raises ValueError where it holds none."""
    entries = tuple(_read_entry(mapping(entry)) for entry in items(source.get("entries")))
    return BatchRecord(_id(source, "batch_id"), number(source.get("created_at")) or 0.0, entries)


def _read_entry(source: Json) -> Entry:
    index = whole(source.get("index")) or 0
    return Entry(index, text(source.get("task_id")), text(source.get("kind")), text(source.get("error")))


def _id(source: Json, key: str) -> str:
    found = source.get(key)
    if not isinstance(found, str) or not found:
        raise ValueError(f"no {key}")
    return found


def _seed(source: Json) -> int:
    # not by way of a float: a seed may need all its bits
    seed = source.get("seed")
    return seed if isinstance(seed, int) and not isinstance(seed, bool) else 0
