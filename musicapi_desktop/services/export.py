"""Saving a take, its mix or its stems somewhere else: as it was delivered, or in the format asked for."""

from __future__ import annotations

import contextlib
import os
import secrets
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from musicapi_desktop.domain.errors import AudioUnreadable, DiskError, InvalidRequest
from musicapi_desktop.domain.mix import MixState, Span
from musicapi_desktop.domain.song import Stem, Take
from musicapi_desktop.domain.units import RATE

if TYPE_CHECKING:
    from musicapi_desktop.audio.mixdown import Input, Order, Together
    from musicapi_desktop.dsp.writer import Encoding

FORMATS = ("wav16", "wav24", "wav32f", "flac16", "flac24", "mp3")
"""Formats that can be written; 'wav' and 'flac' stand for 24 bits."""

Ranges = Mapping[str, Sequence[tuple[float, float]]]
"""Start and end in seconds by stem id."""

_SHORT = {"wav": "wav24", "wave": "wav24", "flac": "flac24"}
_COPY_BYTES = 1 << 20


class ExportCancelled(Exception):
    """The person asked to stop; nothing was left behind."""


@dataclass(frozen=True, slots=True)
class Exported:
    """A file that was written. ``copied`` where it is the delivered file, byte for byte, and nothing was measured.

    ``loudness`` in LUFS, ``true_peak`` in dBTP, None for silence; ``clipped`` counts samples over full scale. What lies
    beside the audio has its ``kind`` (export_plan.EXTRAS), and ``parts``: tracks of a project, lines of words.
    """

    path: Path
    copied: bool
    seconds: float = 0.0
    loudness: float | None = None
    true_peak: float | None = None
    clipped: int = 0
    kind: str = ""
    parts: int = 0


@dataclass(frozen=True, slots=True)
class MixOrder:
    """What of a take's mixer is written: the mix, a span in seconds (None: all of it), muted ranges by stem id.

    ``only`` is the id of the one stem that is written, as it sounds in the mix; empty for all of them together.
    """

    state: MixState = field(default_factory=MixState)
    span: Span | None = None
    ranges: Ranges = field(default_factory=dict[str, "Sequence[tuple[float, float]]"])
    only: str = ""


Cancelled = Callable[[], bool]
Result = TypeVar("Result")


def _never() -> bool:
    return False


class Export:
    """Writes files whole or not at all. ``path`` gives the path of a file that a song names.

    ``together`` may run independent pieces of work on several cores (bridge.audio_feeder.AudioWorkers.together).
    Every method belongs on a worker and may raise AudioUnreadable, DiskError, InvalidRequest, ExportCancelled.
    """

    def __init__(self, path: Callable[[str], Path], together: Together | None = None) -> None:
        self._path = path
        self._together = together

    def copy(self, relative: str, target: Path, *, cancelled: Cancelled = _never) -> Exported:
        """Copy a delivered file, byte for byte. ``relative`` is the path that a song names."""
        if not relative:
            raise AudioUnreadable("This take is not there yet.", "It can be saved as soon as it has arrived.")
        _whole(target, lambda part: _copy(self._path(relative), part, cancelled))
        return Exported(target, copied=True)

    def save_as(
        self, take: Take, target: Path, form: str, *, span: Span | None = None, cancelled: Cancelled = _never
    ) -> Exported:
        """Write a take's audio to ``target``: the delivered file where it has the format, else converted.

        ``form`` is one of FORMATS, or 'wav', 'flac', 'mp3' for the delivered file of that kind where there is one.
        With a ``span`` in seconds only that part is written, and never copied.
        """
        delivered = self._delivered(take, form) if span is None else None
        if delivered is not None:
            _whole(target, lambda part: _copy(delivered, part, cancelled))
            return Exported(target, copied=True)
        if not (take.wav_path or take.path):
            raise AudioUnreadable("This take is not there yet.", "It can be saved as soon as it has arrived.")
        from musicapi_desktop.audio.mixdown import Input, Order

        order = Order((Input(self._path(take.wav_path or take.path)),), _encoding(form), span=_span(span))
        return self._write(order, target, cancelled)

    def save_mix(
        self, take: Take, order: MixOrder, target: Path, form: str, *, cancelled: Cancelled = _never
    ) -> Exported:
        """Write the mix of a take's stems as the mixer is set, from the original files, whole or the span."""
        from musicapi_desktop.audio.mixdown import Order

        stems = self._stems(take)
        heard = [stem for stem in stems if order.only in ("", stem.id)]
        inputs = tuple(part for stem in heard for part in self._inputs(stem, order))
        # A muted or short stem does not shorten the mix: all exports of a take have the length of its longest stem.
        span = _span(order.span) or (0, self._frames(stems))
        return self._write(Order(inputs, _encoding(form), order.state.mono, span), target, cancelled)

    def save_stem(
        self,
        take: Take,
        stem_id: str,
        target: Path,
        form: str,
        *,
        span: Span | None = None,
        cancelled: Cancelled = _never,
    ) -> Exported:
        """Write one stem, untouched by the mixer, with the start and the length that all stems of the take share."""
        from musicapi_desktop.audio.mixdown import Input, Order

        stems = self._stems(take)
        path = next((self._path(stem.path) for stem in stems if stem.id == stem_id), None)
        inputs = (Input(path),) if path is not None else ()
        return self._write(
            Order(inputs, _encoding(form), span=_span(span) or (0, self._frames(stems))), target, cancelled
        )

    def _write(self, order: Order, target: Path, cancelled: Cancelled) -> Exported:
        from musicapi_desktop.audio.mixdown import MixdownCancelled, in_turn, mix_down

        try:
            report = _whole(target, lambda part: mix_down(order, part, cancelled, self._together or in_turn))
        except MixdownCancelled as stopped:
            raise ExportCancelled from stopped
        seconds = report.frames / RATE
        return Exported(target, False, seconds, report.loudness, report.true_peak, report.clipped)

    def _delivered(self, take: Take, form: str) -> Path | None:
        """Return the delivered file of this kind; none where a depth was asked for that may differ."""
        if form not in ("wav", "wave", "flac", "mp3"):
            return None
        suffix = ".wav" if form == "wave" else f".{form}"
        paths = [relative for relative in (take.wav_path, take.path) if relative.lower().endswith(suffix)]
        return self._path(paths[0]) if paths else None

    def _stems(self, take: Take) -> list[Stem]:
        from musicapi_desktop.audio.song_shelf import stems_of

        stems = [stem for stem in stems_of(take) if not stem.silent]
        if not stems:
            raise AudioUnreadable("This take has no stems to save.", "Split it first.")
        return stems

    def _inputs(self, stem: Stem, order: MixOrder) -> tuple[Input, ...]:
        from musicapi_desktop.audio.mixdown import inputs_of

        muted = tuple((_frames(start), _frames(end)) for start, end in order.ranges.get(stem.id, ()))
        made = inputs_of(order.state, [(stem.id, self._path(stem.path))])
        return tuple(replace(part, muted=muted) for part in made)

    def _frames(self, stems: Sequence[Stem]) -> int:
        """Return the length of the longest stem at the transport's rate."""
        from musicapi_desktop.audio.probe import probe

        facts = [stem.facts or probe(self._path(stem.path)) for stem in stems]
        return max(_frames(known.seconds) for known in facts)


def _span(seconds: Span | None) -> tuple[int, int] | None:
    if seconds is None:
        return None
    start, end = _frames(min(seconds)), _frames(max(seconds))
    if end <= start:
        raise InvalidRequest({"span": "The loop is empty."})
    return start, end


def _frames(seconds: float) -> int:
    return max(0, round(seconds * RATE))


def _encoding(form: str) -> Encoding:
    from musicapi_desktop.dsp.writer import Encoding

    name = _SHORT.get(form, form)
    if name not in FORMATS:
        raise InvalidRequest({"format": f"“{form}” is not a format that can be written."})
    return Encoding(name)


def _whole(target: Path, write: Callable[[Path], Result]) -> Result:
    """Let ``write`` fill a file beside ``target``, then put it in its place; on any failure nothing is left."""
    part = target.with_name(f".{target.name}.{secrets.token_hex(4)}.part")
    try:
        result = write(part)
        part.replace(target)
    except OSError as error:
        raise _disk_error(target, error) from error
    finally:
        with contextlib.suppress(OSError):
            part.unlink(missing_ok=True)
    return result


def _copy(source: Path, target: Path, cancelled: Cancelled) -> None:
    if not source.is_file():
        raise DiskError("The take's file is not there any more.", "Fetch it again.", detail=str(source))
    with source.open("rb") as read, target.open("wb") as write:
        while data := read.read(_COPY_BYTES):
            if cancelled():
                raise ExportCancelled
            write.write(data)
        write.flush()
        os.fsync(write.fileno())


def _disk_error(target: Path, error: OSError) -> DiskError:
    return DiskError(
        f"“{target.name}” could not be written.",
        "See that the disk has room and that the folder may be written to.",
        detail=str(error),
    )
