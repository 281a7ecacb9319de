import subprocess
import sys

import numpy as np
import pytest
import soundfile

from musicapi_desktop.domain.errors import AudioUnreadable, DiskError, InvalidRequest
from musicapi_desktop.domain.mix import MixState, Strip
from musicapi_desktop.domain.song import Stem, Take, TakeState
from musicapi_desktop.dsp.writer import write_mp3, write_pcm16
from musicapi_desktop.services.export import FORMATS, Export, ExportCancelled, MixOrder

RATE = 48_000


def tone(value, seconds=2.0):
    time = np.arange(int(seconds * RATE)) / RATE
    wave = value * np.sin(2 * np.pi * 300 * time)
    return np.stack([wave, wave], axis=1).astype(np.float32)


@pytest.fixture
def take(tmp_path):
    music = tmp_path / "music"
    music.mkdir()
    write_mp3(music / "A.mp3", tone(0.5), RATE)
    write_pcm16(music / "v.wav", tone(0.3), RATE)
    write_pcm16(music / "d.wav", tone(0.2, 1.5), RATE)
    stems = (
        Stem("v", "a", "full", "Vocals", "vocals", "v.wav", 0),
        Stem("d", "a", "full", "Drums", "drums", "d.wav", 1),
        Stem("s", "a", "full", "Strings", "strings", "", 2, silent=True),
    )
    return Take("a", "song", "A", state=TakeState.READY, path="A.mp3", stems=stems)


@pytest.fixture
def export(tmp_path, take):
    return Export(lambda relative: tmp_path / "music" / relative)


@pytest.fixture
def out(tmp_path):
    (tmp_path / "out").mkdir()
    return tmp_path / "out"


def test_as_delivered_is_the_same_bytes(export, take, out, tmp_path):
    done = export.save_as(take, out / "x.mp3", "mp3")
    assert done.copied
    assert (out / "x.mp3").read_bytes() == (tmp_path / "music" / "A.mp3").read_bytes()


@pytest.mark.parametrize("form", [f for f in FORMATS if f != "mp3"])
def test_other_formats_are_converted(export, take, out, form):
    done = export.save_as(take, out / "x.bin", form)
    info = soundfile.info(out / "x.bin")
    assert info.frames == 2 * RATE
    assert info.format.lower().startswith(form[:3])
    assert not done.copied
    assert done.seconds == pytest.approx(2.0)
    assert done.true_peak == pytest.approx(-6.0, abs=0.2)
    assert done.loudness is not None
    assert [path.name for path in out.iterdir()] == ["x.bin"]


def test_the_mix_as_it_is_set(export, take, out):
    order = MixOrder(MixState({"d": Strip(mute=True)}, master=-6.0))
    done = export.save_mix(take, order, out / "m.wav", "wav32f")
    samples, _ = soundfile.read(out / "m.wav", dtype="float32")
    assert len(samples) == 2 * RATE
    assert np.abs(samples).max() == pytest.approx(0.3 * 10 ** (-6 / 20), rel=0.01)
    assert done.clipped == 0


def test_a_muted_long_stem_does_not_shorten_the_mix(export, take, out):
    export.save_mix(take, MixOrder(MixState({"v": Strip(mute=True)})), out / "m.wav", "wav24")
    assert soundfile.info(out / "m.wav").frames == 2 * RATE


def test_the_loop_alone(export, take, out):
    export.save_mix(take, MixOrder(span=(0.5, 1.25), ranges={"v": [(0.0, 2.0)]}), out / "m.flac", "flac")
    samples, _ = soundfile.read(out / "m.flac")
    assert len(samples) == int(0.75 * RATE)
    assert np.abs(samples).max() == pytest.approx(0.2, rel=0.01)


def test_stems_have_one_length(export, take, out):
    for stem in ("v", "d", "s"):
        export.save_stem(take, stem, out / f"{stem}.wav", "wav16")
        assert soundfile.info(out / f"{stem}.wav").frames == 2 * RATE


def test_clipping_is_told(export, take, out):
    done = export.save_mix(take, MixOrder(MixState(master=9.0)), out / "m.wav", "wav16")
    assert done.clipped > 100
    assert done.true_peak > 0


def test_what_cannot_be_done_is_said_and_leaves_nothing(export, take, out):
    with pytest.raises(InvalidRequest):
        export.save_as(take, out / "x.xyz", "xyz")
    with pytest.raises(InvalidRequest):
        export.save_mix(take, MixOrder(span=(1.0, 1.0)), out / "x.wav", "wav")
    with pytest.raises(AudioUnreadable):
        export.save_mix(Take("b", "song", "B"), MixOrder(), out / "x.wav", "wav")
    with pytest.raises(AudioUnreadable):
        export.save_as(Take("b", "song", "B"), out / "x.wav", "wav")
    with pytest.raises(ExportCancelled):
        export.save_as(take, out / "x.wav", "wav16", cancelled=lambda: True)
    with pytest.raises(ExportCancelled):
        export.save_as(take, out / "x.mp3", "mp3", cancelled=lambda: True)
    with pytest.raises(DiskError):
        export.save_as(take, out / "no" / "x.mp3", "mp3")
    assert not list(out.iterdir())


def test_an_older_file_survives_a_failure(export, take, out):
    (out / "x.wav").write_text("older")
    with pytest.raises(ExportCancelled):
        export.save_as(take, out / "x.wav", "wav16", cancelled=lambda: True)
    assert (out / "x.wav").read_text() == "older"
    export.save_as(take, out / "x.wav", "wav16")
    assert soundfile.info(out / "x.wav").frames == 2 * RATE


FULL = """
import resource, signal, sys
from pathlib import Path
from musicapi_desktop.domain.errors import DiskError
from musicapi_desktop.domain.song import Take
from musicapi_desktop.services.export import Export
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, 20_000))
music, target, form = Path(sys.argv[1]), Path(sys.argv[2]), sys.argv[3]
try:
    Export(lambda r: music / r).save_as(Take("a", "s", "A", path="A.mp3"), target, form)
except DiskError as error:
    print(error.message)
"""


@pytest.mark.skipif(sys.platform == "win32", reason="limits of file size are a POSIX matter")
@pytest.mark.parametrize("form", ["mp3", "wav16", "wav24", "flac"])
def test_a_full_disk_is_said_and_leaves_nothing(take, out, tmp_path, form):
    command = [sys.executable, "-c", FULL, tmp_path / "music", out / "x.bin", form]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert "could not be written" in done.stdout, done.stderr
    assert not list(out.iterdir())
