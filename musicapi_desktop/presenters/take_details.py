"""Everything that is known of a take, in names and values, and where it differs from the take beside it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import cast

from PySide6.QtCore import QCoreApplication

from musicapi_desktop.domain.song import Song, Take
from musicapi_desktop.models import words

from .kin import how

translate = QCoreApplication.translate

Pair = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Detail:
    """A name and its value. ``beside`` is the other take's value where it differs, empty where it is the same."""

    name: str
    value: str
    beside: str = ""


def details(song: Song, take: Take | None) -> tuple[Detail, ...]:
    """The details of a take; of a song alone while it has none."""
    mine = _pairs(song, take)
    other = _beside(song, take)
    if other is None:
        return tuple(Detail(name, value) for name, value in mine if value)
    theirs = dict(_pairs(song, other))
    return tuple(
        Detail(name, value or "–", theirs.get(name, "") or "–")
        if theirs.get(name, "") != value and name not in _OWN
        else Detail(name, value)
        for name, value in mine
        if value or (theirs.get(name) and name not in _OWN)
    )


def other_letter(song: Song, take: Take | None) -> str:
    """The letter of the take the details are held against; empty where there is none."""
    other = _beside(song, take)
    return other.letter if other is not None else ""


_OWN = frozenset({"Clip"})
"""Names whose values always differ: saying so says nothing."""


def _beside(song: Song, take: Take | None) -> Take | None:
    if take is None:
        return None
    there = [each for each in song.takes if each.path]
    if take not in there or len(there) < 2:
        return None
    return there[(there.index(take) + 1) % len(there)]


def _pairs(song: Song, take: Take | None) -> list[Pair]:
    made_from = ", ".join(filter(None, (how(link) for link in song.parents)))
    pairs = [
        (translate("Inspector", "Description"), song.description),
        (translate("Inspector", "Style"), (take.style if take else "") or song.style),
        (translate("Inspector", "Leave out"), song.leave_out),
        (translate("Inspector", "Model"), (take.model if take else "") or song.model),
        (translate("Inspector", "Made from a take by"), made_from),
        (translate("Inspector", "Made"), words.moment(song.created_at) if song.created_at else ""),
    ]
    if take is not None:
        pairs += _sound(take)
        pairs += _extra(take)
        pairs.append((translate("Inspector", "Clip"), take.clip_id))
    return pairs


def _sound(take: Take) -> list[Pair]:
    facts = take.facts
    pairs = [
        (
            translate("Inspector", "Tempo"),
            translate("Inspector", "{0} BPM").format(words.tempo(take.bpm)) if take.bpm else "",
        ),
        (translate("Inspector", "Key"), words.key_sign(take.key) if take.key else ""),
    ]
    if facts is not None:
        rate = translate("Inspector", "{0} kHz").format(f"{facts.rate / 1000:g}")
        pairs += [
            (translate("Inspector", "Length"), words.length(facts.seconds)),
            (translate("Inspector", "Format"), f"{facts.format.upper()} · {rate}"),
            (
                translate("Inspector", "Loudness"),
                f"{_minus(facts.loudness)} LUFS" if facts.loudness is not None else "",
            ),
            (
                translate("Inspector", "True peak"),
                f"{_minus(facts.true_peak)} dBTP" if facts.true_peak is not None else "",
            ),
        ]
    return pairs


def _extra(take: Take) -> list[Pair]:
    pairs: list[Pair] = []
    tempo = take.extra.get("tempo")
    if isinstance(tempo, dict):
        found = cast("dict[str, object]", tempo)
        slowest, fastest = found.get("slowest"), found.get("fastest")
        if isinstance(slowest, int | float) and isinstance(fastest, int | float) and slowest != fastest:
            pairs.append(
                (
                    translate("Inspector", "Tempo goes from"),
                    translate("Inspector", "{0} to {1} BPM").format(f"{slowest:.0f}", f"{fastest:.0f}"),
                )
            )
    vox = take.extra.get("vox")
    if isinstance(vox, dict):
        pairs.append(
            (translate("Inspector", "Vocal reference"), str(cast("dict[str, object]", vox).get("vox_audio_id", "")))
        )
    if "parts" in take.extra:
        pairs.append(
            (translate("Inspector", "Joined"), translate("Inspector", "the new part and the rest, as one song"))
        )
    return pairs


def _minus(value: float) -> str:
    return f"{value:.1f}".replace("-", "−")
