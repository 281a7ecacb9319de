"""What the server keeps of a task, a clip and a batch, and its form on disk."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from enum import StrEnum

from musicapi_desktop.wire.values import Json, flag, items, mapping, number, text, whole


class State(StrEnum):
    """Where a clip is; *running* is known to the process only, on disk such a clip is still pending."""

    PENDING = "pending"
    SUCCEEDED = "succeeded"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Order:
    """A create request that passed every check: what both takes are made from."""

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


@dataclass(frozen=True, slots=True)
class Stem:
    """A stem beside its clip's mix; ``file`` is the name of its master without the extension."""

    name: str
    file: str
    silent: bool


@dataclass(frozen=True, slots=True)
class ClipRecord:
    """One clip. Times are Unix seconds, ``seconds`` its length once it is known.

    ``owner`` is the clip whose folder holds the masters (its own for a take, the take for a stem), ``parts`` the
    masters that add up to this clip. ``archived`` is True once the masters are FLAC instead of WAV.
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


@dataclass(frozen=True, slots=True)
class TaskRecord:
    """One task. ``operation`` is the contract's word; ``order`` is None for what is cut from a clip."""

    task_id: str
    operation: str
    created_at: float
    cost: int
    clip_ids: tuple[str, ...]
    order: Order | None = None

    def share(self, position: int) -> int:
        """Return the credits that belong to the clip at ``position``; the shares add up to the cost."""
        clips = len(self.clip_ids)
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


Record = TaskRecord | ClipRecord | BatchRecord


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
    )


def _read_order(source: Json) -> Order:
    return Order(
        **{name: text(source.get(name)) for name in _ORDER_TEXTS},
        instrumental=flag(source.get("instrumental")) or False,
        duration=number(source.get("duration")),
        weirdness=number(source.get("weirdness")),
        style_weight=number(source.get("style_weight")),
        seed=_seed(source),
    )


_ORDER_TEXTS = ("mv", "title", "lyrics", "description", "tags", "negative_tags", "vocal_gender")
_CLIP_TEXTS = (
    "clip_id", "task_id", "mv", "title", "tags", "lyrics", "description", "negative_tags", "key", "engine", "error",
    "stem_type", "owner",
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
        parts=tuple(text(entry) for entry in items(source.get("parts"))),
        stems=tuple(_read_stem(mapping(entry)) for entry in items(source.get("stems"))),
        archived=flag(source.get("archived")) or False,
    )


def _read_stem(source: Json) -> Stem:
    return Stem(text(source.get("name")), text(source.get("file")), flag(source.get("silent")) or False)


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
