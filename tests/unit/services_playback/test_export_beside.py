"""What lies beside the audio: a DAW project, MIDI, LRC and SRT."""

import io
import zipfile
from dataclasses import replace
from pathlib import Path
from xml.etree import ElementTree as ET

import numpy as np
import pytest
import soundfile

from musicapi_desktop.domain.errors import InvalidRequest
from musicapi_desktop.domain.mix import OFF, MixState, Strip
from musicapi_desktop.domain.song import Stem, Take, TakeState
from musicapi_desktop.domain.timed_lyrics import TimedWord
from musicapi_desktop.dsp.writer import write_pcm16
from musicapi_desktop.services.daw_project import ProjectPlan, ProjectTrack, heard, metadata_xml, project_xml
from musicapi_desktop.services.export import Export, ExportCancelled, MixOrder
from musicapi_desktop.services.export_beside import Sources
from musicapi_desktop.services.export_plan import EXTRAS, LRC, MIDI, PROJECT, SRT, STEMS, Choice, Naming, extras_of
from musicapi_desktop.services.export_plan import pieces_of as pieces
from musicapi_desktop.services.export_run import ExportOrder, ExportRun, Watch

RATE = 48_000
MIX = MixState(
    {"v": Strip(level=-6.0, solo=True), "d": Strip(level=OFF, balance=-1.0, mute=True)},
    master=-3.0,
    ranges={"v": ((1.0, 2.0),)},
)
WORDS = (
    TimedWord("[Verse]\nTaxi ", 0.5, 0.7), TimedWord("lights\n", 0.8, 1.4),
    TimedWord("[Chorus]\nNeon rain\n", 2.0, 2.5),
)  # fmt: skip


@pytest.fixture
def take(tmp_path):
    music = tmp_path / "music"
    music.mkdir()
    for name, seconds in (("A", 4.0), ("v", 4.0), ("d", 3.0)):
        wave = 0.3 * np.sin(2 * np.pi * 300 * np.arange(int(seconds * RATE)) / RATE)
        write_pcm16(music / f"{name}.wav", np.stack([wave, wave], axis=1).astype(np.float32), RATE)
    (music / "A.mid").write_bytes(b"MThd notes")
    stems = (
        Stem("v", "a", "full", "Vocals", "vocals", "v.wav", 0),
        Stem("d", "a", "full", "Drums / loud", "drums", "d.wav", 1),
        Stem("b", "a", "full", "Brass", "brass", "b.wav", 2, silent=True),
    )
    files = {"midi": "A.mid", "alignment": "A.words.json"}
    return Take(
        "a", "song", "A", state=TakeState.READY, path="A.wav", wav_path="A.wav", stems=stems, bpm=120.0, key="F#m",
        style="synthwave", lyrics="[Verse]\nTaxi lights", files=files,
    )  # fmt: skip


@pytest.fixture
def run(tmp_path):
    sources = Sources(lambda _take: WORDS, {"vocals": "#ff8c5a"}, ("MusicAPI Desktop", "9.9"))
    return ExportRun(Export(lambda relative: tmp_path / "music" / relative), sources)


def written(run, take, folder, choice, loop=None, watch=None):
    planned = pieces(take, MIX, choice, Naming("Song"))
    order = ExportOrder(take, MixOrder(MIX, loop, MIX.ranges), choice, folder, planned, 4.0, "Song")
    return run.write(order, watch or Watch())


def parsed(document: bytes) -> ET.Element:
    return ET.fromstring(document)  # noqa: S314  # our own document


def project(path: Path):
    with zipfile.ZipFile(path) as archive:
        return archive.namelist(), parsed(archive.read("project.xml"))


def test_everything_lies_beside_under_the_name_of_the_mix(run, take, tmp_path):
    done = written(run, take, tmp_path / "out", Choice(form="wav16", extras=EXTRAS))
    base = "Song A - Mix - 120bpm F#m"
    assert [one.path.name for one in done] == [
        f"{base}{end}" for end in (".wav", ".dawproject", ".mid", ".lrc", ".srt")
    ]
    assert [(one.kind, one.parts) for one in done[1:]] == [(PROJECT, 2), (MIDI, 0), (LRC, 2), (SRT, 2)]
    assert done[2].path.read_bytes() == b"MThd notes"
    assert "[00:00.50]Taxi lights" in done[3].path.read_text("utf-8")
    assert "00:00:02,000 -->" in done[4].path.read_text("utf-8")


def test_a_project_has_stems_on_tracks_as_they_are_mixed(run, take, tmp_path):
    (_mix, made) = written(run, take, tmp_path / "out", Choice(form="flac24", extras=(PROJECT,)))
    names, root = project(made.path)
    assert names == ["project.xml", "metadata.xml", "audio/01 Vocals.flac", "audio/02 Drums loud.flac"]
    vocals, drums, master = root.findall("Structure/Track")
    assert (vocals.get("name"), vocals.get("color"), vocals.find("Channel").get("solo")) == (
        "Vocals",
        "#ff8c5a",
        "true",
    )
    assert float(vocals.find("Channel/Volume").get("value")) == pytest.approx(0.501, abs=1e-3)
    assert [drums.find(f"Channel/{part}").get("value") for part in ("Mute", "Pan", "Volume")] == ["true", "0.0", "0.0"]
    assert float(master.find("Channel/Volume").get("value")) == pytest.approx(0.708, abs=1e-3)
    assert root.find("Transport/Tempo").get("value") == "120.0"
    assert root.find("Transport/TimeSignature").get("numerator") == "4"


def test_times_are_in_beats_and_muted_ranges_are_gaps(run, take, tmp_path):
    (_mix, made) = written(run, take, tmp_path / "out", Choice(form="wav24", extras=(PROJECT,)))
    _names, root = project(made.path)
    clips = root.findall("Arrangement/Lanes/Lanes[@track='track-0']/Clips/Clip")
    assert [(clip.get("time"), clip.get("duration"), clip.get("playStart")) for clip in clips] == [
        ("0.0", "2.0", "0.0"),
        ("4.0", "4.0", "2.0"),
    ]
    markers = root.findall("Arrangement/Markers/Marker")
    assert [(marker.get("name"), marker.get("time")) for marker in markers] == [("Verse", "1.0"), ("Chorus", "4.0")]
    assert root.find("Arrangement/Markers").get("timeUnit") == "beats"


def test_the_audio_of_a_project_is_whole_equally_long_and_untouched_by_the_mixer(run, take, tmp_path):
    (_mix, made) = written(run, take, tmp_path / "out", Choice(form="mp3", extras=(PROJECT,)))
    with zipfile.ZipFile(made.path) as archive:
        lengths, loudest = set(), []
        for name in archive.namelist()[2:]:
            samples, rate = soundfile.read(io.BytesIO(archive.read(name)))
            lengths.add((len(samples), rate, name[-4:]))
            loudest.append(float(np.abs(samples).max()))
            assert archive.getinfo(name).compress_type == zipfile.ZIP_STORED
    assert lengths == {(4 * RATE, RATE, ".wav")}
    assert loudest == pytest.approx([0.3, 0.3], abs=1e-3)
    assert [path.name for path in made.path.parent.iterdir() if path.name.startswith(".")] == []


def test_a_loop_starts_at_nought(run, take, tmp_path):
    choice = Choice(what=STEMS, form="wav16", loop=True, extras=(PROJECT, LRC))
    *_stems, made, words = written(run, take, tmp_path / "out", choice, loop=(1.5, 3.5))
    assert made.path.name == "Song A - Stems - 120bpm F#m.dawproject"
    _names, root = project(made.path)
    assert [m.get("time") for m in root.findall("Arrangement/Markers/Marker")] == ["0.0", "1.0"]
    (clip,) = root.findall("Arrangement/Lanes/Lanes[@track='track-0']/Clips/Clip")
    assert (clip.get("time"), clip.get("playStart")) == ("1.0", "0.5")
    assert words.path.read_text("utf-8").splitlines() == [
        "[ti:Song]", "[length:00:02]", "[00:00.50]Neon rain", "[00:01.00]",
    ]  # fmt: skip


def test_a_loop_in_which_nothing_is_sung_has_no_words(run, take, tmp_path):
    with pytest.raises(InvalidRequest):
        written(run, take, tmp_path / "out", Choice(form="wav16", loop=True, extras=(LRC,)), loop=(3.0, 3.5))
    assert not (tmp_path / "out").exists() or not list((tmp_path / "out").iterdir())


def test_cancelling_in_a_project_leaves_nothing(run, take, tmp_path):
    class Stopping(Watch):
        def extend(self, times):
            super().extend(times)
            self.stop = True

    with pytest.raises(ExportCancelled):
        written(run, take, tmp_path / "out", Choice(form="wav16", extras=(PROJECT,)), watch=Stopping())
    assert not list((tmp_path / "out").iterdir())


def test_only_what_a_take_has_is_offered(take):
    assert extras_of(take, loop=False) == EXTRAS
    assert extras_of(take, loop=True) == (PROJECT, LRC, SRT)
    assert extras_of(replace(take, stems=(), files={}), loop=False) == ()


@pytest.mark.parametrize(
    ("muted", "left"),
    [
        ((), [(0.0, 10.0)]),
        (((0.0, 10.0),), []),
        (((-3.0, 1.0), (4.0, 5.0), (9.0, 99.0)), [(1.0, 4.0), (5.0, 9.0)]),
        (((20.0, 30.0),), [(0.0, 10.0)]),
    ],
)
def test_what_is_left_between_muted_ranges(muted, left):
    assert list(heard(muted, 0.0, 10.0)) == left


def test_any_name_is_a_document_and_every_reference_is_there():
    tracks = (ProjectTrack("s", 'A <b> & "c" \x07', "", "audio/01 A.wav"),)
    plan = ProjectPlan("T\x00itle ☂", tracks, 10.0, RATE, markers=(("<Hook>", 1.0),), about={"Comment": "line\nline"})
    plan = replace(plan, tracks=(replace(tracks[0], name='A <b> & "c" \x07'),))
    root = parsed(project_xml(plan))
    names = [element.get("id") for element in root.iter() if element.get("id")]
    assert len(names) == len(set(names))
    assert {
        root.find(".//Lanes[@track]").get("track"),
        root.find(".//Channel[@destination]").get("destination"),
    } <= set(names)
    assert root.find("Transport/Tempo").get("value") == "120.0"
    told = parsed(metadata_xml(plan))
    assert [(child.tag, child.text) for child in told] == [("Title", "Title ☂"), ("Comment", "line\nline")]
