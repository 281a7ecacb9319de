"""What is read from a take's score: its notes, its words with their times, a MIDI file. No sound is touched."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

import mido

from musicapi_desktop.offline.stem_names import STEM_NAMES
from musicapi_desktop.wire.values import Json, flag, items, mapping, number, text, whole

ALL = STEM_NAMES
"""Every stem, for what is asked of a whole song."""
_TICKS = 480
_DRUM_CHANNEL = 9
_LOUDEST = 127
_PROGRAM = "gm:"
_DRUMS = ("Drums", "Percussion")


class Note(NamedTuple):
    """One note: times in seconds, ``pitch`` and ``velocity`` 0-127."""

    start: float
    end: float
    pitch: int
    velocity: int


@dataclass(frozen=True, slots=True)
class Part:
    """All notes of one stem. ``program`` is its General MIDI sound."""

    stem: str
    program: int
    notes: tuple[Note, ...]


def read_score(path: Path) -> Json:
    """Return a score's JSON. Raises OSError where it is gone, ValueError where it is none."""
    return mapping(json.loads(path.read_bytes()))


def parts_of(score: Json, stems: Collection[str]) -> list[Part]:
    """Return the notes of the named stems, stem by stem; a stem without notes is left out."""
    notes: dict[str, list[Note]] = {stem: [] for stem in stems}
    programs: dict[str, int] = {}
    for track in map(mapping, items(score.get("tracks"))):
        stem, sound = text(track.get("stem")), text(track.get("sound"))
        if stem in notes:
            notes[stem].extend(_notes(track))
            if sound.removeprefix(_PROGRAM).isdecimal():
                programs.setdefault(stem, int(sound.removeprefix(_PROGRAM)) % 128)
    for line in map(mapping, items(score.get("vocals"))):
        stem = "Backing Vocals" if flag(line.get("backing")) else "Vocals"
        if stem in notes:
            notes[stem].extend(note for syllable in items(line.get("syllables")) for note in _notes(mapping(syllable)))
    return [
        Part(stem, programs.get(stem, _usual_program(stem)), tuple(sorted(found)))
        for stem, found in notes.items()
        if found
    ]


def heard_parts(entries: list[object]) -> list[Part]:
    """Return what was heard in a recording, from the contract's form: velocity 0-1."""
    return [
        Part(text(entry.get("name")), _usual_program(text(entry.get("name"))), tuple(_heard(entry)))
        for entry in map(mapping, entries)
    ]


def _heard(source: Json) -> Iterator[Note]:
    for note in map(mapping, items(source.get("notes"))):
        start, end = number(note.get("start")) or 0.0, number(note.get("end")) or 0.0
        pitch, velocity = whole(note.get("pitch")) or 0, number(note.get("velocity")) or 0.0
        yield Note(start, end, min(max(pitch, 0), 127), min(max(round(velocity * _LOUDEST), 1), _LOUDEST))


def instruments(parts: list[Part]) -> list[Json]:
    """Return parts in the contract's form (§6.3): velocity 0-1."""
    return [
        {
            "name": part.stem,
            "notes": [
                {"start": n.start, "end": n.end, "pitch": n.pitch, "velocity": round(n.velocity / _LOUDEST, 3)}
                for n in part.notes
            ],
        }
        for part in parts
    ]


def write_midi(parts: list[Part], bpm: float, target: Path) -> None:
    """Write a standard MIDI file, one track per part. Raises OSError."""
    file = mido.MidiFile(type=1, ticks_per_beat=_TICKS)
    tempo = mido.bpm2tempo(bpm)
    head = mido.MidiTrack()
    head.append(mido.MetaMessage("set_tempo", tempo=tempo, time=0))
    file.tracks.append(head)
    channels = [channel for channel in range(16) if channel != _DRUM_CHANNEL]
    for place, part in enumerate(parts):
        channel = _DRUM_CHANNEL if part.stem in _DRUMS else channels[place % len(channels)]
        file.tracks.append(_track(part, channel, tempo))
    new = target.with_name(f"{target.name}.part")
    file.save(str(new))
    new.replace(target)


def alignment(score: Json) -> list[Json]:
    """Return the sung words in the contract's form (§6.6); empty for an instrumental.

    A word carries the white space after it, and the mark of its section before the section's first word.
    """
    sections = [mapping(section) for section in items(score.get("sections"))]
    lines = [line for line in map(mapping, items(score.get("vocals"))) if not flag(line.get("backing"))]
    entries: list[Json] = []
    last: int | None = None
    for line in sorted(lines, key=_first_start):
        place = whole(line.get("section"))
        label = (
            text(sections[place].get("label")).strip("[]") if place is not None and 0 <= place < len(sections) else ""
        )
        entries.extend(_aligned(line, f"[{label}]\n" if label and place != last else ""))
        last = place
    return entries


def _aligned(line: Json, mark: str) -> Iterator[Json]:
    words = [mapping(word) for word in items(line.get("words"))]
    for index, word in enumerate(words):
        before, after = "" if index else mark, "\n" if index == len(words) - 1 else " "
        yield {
            "word": f"{before}{text(word.get('text'))}{after}",
            "start_s": number(word.get("start")) or 0.0,
            "end_s": number(word.get("end")) or 0.0,
            "p_align": 1.0,
            "success": True,
        }


def _first_start(line: Json) -> float:
    words = items(line.get("words"))
    return number(mapping(words[0]).get("start")) or 0.0 if words else 0.0


def _notes(source: Json) -> Iterator[Note]:
    for note in map(mapping, items(source.get("notes"))):
        start, length = number(note.get("start")), number(note.get("length"))
        pitch, velocity = whole(note.get("pitch")), whole(note.get("velocity"))
        if start is not None and length is not None and pitch is not None and velocity is not None:
            yield Note(start, round(start + length, 5), min(max(pitch, 0), 127), min(max(velocity, 1), _LOUDEST))


def _usual_program(stem: str) -> int:
    # General MIDI: choir for voices, else the nearest common sound
    usual = {
        "Bass": 33,
        "Guitar": 25,
        "Keyboard": 0,
        "Strings": 48,
        "Synth": 81,
        "FX": 97,
        "Brass": 61,
        "Woodwinds": 73,
    }
    return usual.get(stem, 52)


def _track(part: Part, channel: int, tempo: int) -> mido.MidiTrack:
    track = mido.MidiTrack()
    track.append(mido.MetaMessage("track_name", name=part.stem, time=0))
    track.append(mido.Message("program_change", channel=channel, program=part.program, time=0))
    # an end before a start at the same tick, or a repeated note would be cut off
    events = sorted(
        event
        for note in part.notes
        for event in (
            (_ticks(note.start, tempo), 1, note.pitch, note.velocity),
            (max(_ticks(note.end, tempo), _ticks(note.start, tempo) + 1), 0, note.pitch, 0),
        )
    )
    now = 0
    for tick, starts, pitch, velocity in events:
        kind = "note_on" if starts else "note_off"
        track.append(mido.Message(kind, channel=channel, note=pitch, velocity=velocity, time=tick - now))
        now = tick
    return track


def _ticks(seconds: float, tempo: int) -> int:
    return round(mido.second2tick(seconds, _TICKS, tempo))
