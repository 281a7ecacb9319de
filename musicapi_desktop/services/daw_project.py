"""A DAWproject: the open exchange format of digital audio workstations, a zip of XML and audio files.

The format is version 1.0 of https://github.com/bitwig/dawproject: ``project.xml`` and ``metadata.xml`` after its
published schemas, audio beneath ``audio/``. Times on the arrangement are in beats of one tempo; audio is not warped.
"""

from __future__ import annotations

import zipfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from xml.etree import ElementTree as ET

from musicapi_desktop.domain.mix import MixState, Span, gain_of

SUFFIX = ".dawproject"
_USUAL_BPM = 120.0
_MASTER = "master"


@dataclass(frozen=True, slots=True)
class ProjectTrack:
    """One stem: its id in the mix, its name, a colour (#rrggbb, empty for none) and its file inside the project."""

    stem_id: str
    name: str
    colour: str
    file: str


@dataclass(frozen=True, slots=True)
class ProjectPlan:
    """What a project says. Times in seconds from its start, which is ``start`` of the take.

    ``bpm`` None stands for a tempo that is not known: 120 then, so that a bar has a length. ``markers``: (name, time).
    """

    title: str
    tracks: tuple[ProjectTrack, ...]
    seconds: float
    rate: int
    mix: MixState = field(default_factory=MixState)
    bpm: float | None = None
    bar: int = 4
    start: float = 0.0
    markers: tuple[tuple[str, float], ...] = ()
    program: tuple[str, str] = ("MusicAPI Desktop", "")
    about: Mapping[str, str] = field(default_factory=dict[str, str])
    """Elements of the metadata: Songwriter, Genre, Comment …, in any order."""


def write_project(target: Path, plan: ProjectPlan, audio: Callable[[ProjectTrack], Path]) -> None:
    """Write the zip. ``audio`` makes the file of a track; it is deleted as soon as it is in. Raises OSError."""
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("project.xml", project_xml(plan))
        archive.writestr("metadata.xml", metadata_xml(plan))
        for track in plan.tracks:
            made = audio(track)
            try:
                # sound does not get smaller, and a program that opens the project may read it where it is
                archive.write(made, track.file, zipfile.ZIP_STORED)
            finally:
                made.unlink(missing_ok=True)


def project_xml(plan: ProjectPlan) -> bytes:
    """Return ``project.xml``: transport, a coloured track a stem with its level, balance and mutes, clips, markers."""
    bpm = plan.bpm or _USUAL_BPM
    project = ET.Element("Project", version="1.0")
    name, version = plan.program
    ET.SubElement(project, "Application", name=name, version=version or "0")
    transport = ET.SubElement(project, "Transport")
    _real(transport, "Tempo", "tempo", "bpm", bpm, (20.0, 666.0))
    ET.SubElement(transport, "TimeSignature", id="signature", numerator=str(plan.bar), denominator="4")
    structure = ET.SubElement(project, "Structure")
    for place, track in enumerate(plan.tracks):
        _track(structure, place, track, plan.mix)
    master = ET.SubElement(structure, "Track", id="track-master", name="Master", contentType="tracks", loaded="true")
    channel = ET.SubElement(master, "Channel", id=_MASTER, role="master", audioChannels="2", solo="false")
    _channel(channel, _MASTER, gain_of(plan.mix.master), 0.0, mute=False)
    _arrangement(project, plan, bpm / 60.0)
    return _document(project)


def metadata_xml(plan: ProjectPlan) -> bytes:
    """Return ``metadata.xml``."""
    told = {"Title": plan.title, **plan.about}
    root = ET.Element("MetaData")
    for name in _METADATA:
        if told.get(name):
            ET.SubElement(root, name).text = _printable(told[name])
    return _document(root)


def heard(muted: Sequence[Span], start: float, end: float) -> Iterator[Span]:
    """The parts of ``start`` to ``end`` that are not muted; ``muted`` ranges are in order and apart."""
    at = start
    for low, high in muted:
        if low > at and at < end:
            yield at, min(low, end)
        at = max(at, high)
    if at < end:
        yield at, end


def _track(structure: ET.Element, place: int, track: ProjectTrack, mix: MixState) -> None:
    strip = mix.strip(track.stem_id)
    about = {"id": f"track-{place}", "name": _printable(track.name), "contentType": "audio", "loaded": "true"}
    lane = ET.SubElement(structure, "Track", {**about, **({"color": track.colour} if track.colour else {})})
    channel = ET.SubElement(
        lane, "Channel", id=f"channel-{place}", role="regular", audioChannels="2", destination=_MASTER,
        solo="true" if strip.solo else "false",
    )  # fmt: skip
    _channel(channel, f"channel-{place}", gain_of(strip.level), strip.balance, mute=strip.mute)


def _channel(channel: ET.Element, name: str, gain: float, balance: float, *, mute: bool) -> None:
    ET.SubElement(channel, "Mute", id=f"{name}-mute", name="Mute", value="true" if mute else "false")
    _real(channel, "Pan", f"{name}-pan", "normalized", (balance + 1.0) / 2.0, (0.0, 1.0))
    _real(channel, "Volume", f"{name}-volume", "linear", gain, (0.0, 2.0))


def _arrangement(project: ET.Element, plan: ProjectPlan, beats: float) -> None:
    """Clips in ``beats`` a second; inside they are in seconds of their file."""
    arrangement = ET.SubElement(project, "Arrangement", id="arrangement")
    lanes = ET.SubElement(arrangement, "Lanes", id="lanes", timeUnit="beats")
    for place, track in enumerate(plan.tracks):
        lane = ET.SubElement(lanes, "Lanes", id=f"lane-{place}", track=f"track-{place}")
        clips = ET.SubElement(lane, "Clips", id=f"clips-{place}")
        muted = [(low - plan.start, high - plan.start) for low, high in plan.mix.ranges.get(track.stem_id, ())]
        for number, (low, high) in enumerate(heard(muted, 0.0, plan.seconds)):
            clip = ET.SubElement(
                clips, "Clip", name=_printable(track.name), time=_number(low * beats),
                duration=_number((high - low) * beats), contentTimeUnit="seconds", playStart=_number(low),
            )  # fmt: skip
            audio = ET.SubElement(
                clip, "Audio", id=f"audio-{place}-{number}", channels="2", duration=_number(plan.seconds),
                sampleRate=str(plan.rate), algorithm="raw",
            )  # fmt: skip
            ET.SubElement(audio, "File", path=track.file)
    if plan.markers:
        markers = ET.SubElement(arrangement, "Markers", id="markers", timeUnit="beats")
        for name, time in plan.markers:
            ET.SubElement(markers, "Marker", name=_printable(name), time=_number(time * beats))


def _real(parent: ET.Element, name: str, key: str, unit: str, value: float, limits: Span) -> None:
    low, high = limits
    about = {"id": key, "name": name, "unit": unit, "min": _number(low), "max": _number(high)}
    ET.SubElement(parent, name, {**about, "value": _number(min(high, max(low, value)))})


def _number(value: float) -> str:
    return f"{value:.9f}".rstrip("0").rstrip(".") if value % 1 else f"{value:.1f}"


def _printable(text: str) -> str:
    """Without what XML cannot hold."""
    return "".join(letter for letter in text if letter in "\t\n" or letter.isprintable())


def _document(root: ET.Element) -> bytes:
    ET.indent(root)
    return ET.tostring(root, "utf-8", xml_declaration=True) + b"\n"


_METADATA = (
    "Title", "Artist", "Album", "OriginalArtist", "Composer", "Songwriter", "Producer", "Arranger", "Year", "Genre",
    "Copyright", "Website", "Comment",
)  # fmt: skip
"""The elements of the metadata in the order the schema asks for."""
