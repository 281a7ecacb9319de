import numpy as np
import pytest
import soundfile

from musicapi_desktop.domain.mix import MixState, Strip
from musicapi_desktop.domain.song import Song, Stem, Take, TakeState
from musicapi_desktop.dsp.writer import write_pcm16
from musicapi_desktop.services.export import Export
from musicapi_desktop.services.export_run import ExportRun
from musicapi_desktop.services.mix_files import MixFiles

RATE = 48_000


@pytest.fixture
def song(tmp_path):
    for name, value in (("v", 0.3), ("d", 0.2)):
        write_pcm16(tmp_path / f"{name}.wav", np.full((2 * RATE, 2), value, np.float32), RATE)
    stems = tuple(
        Stem(key, "a", "full", name, name.lower(), f"{key}.wav", i)
        for i, (key, name) in enumerate((("v", "Vocals"), ("d", "Drums")))
    )
    return Song("s", "Song", takes=(Take("a", "s", "A", state=TakeState.READY, path="v.wav", stems=stems),))


@pytest.fixture
def files(tmp_path):
    return MixFiles(ExportRun(Export(lambda relative: tmp_path / relative)), tmp_path / "dragged")


def test_the_mix_as_it_is_set(files, song):
    path = files.make(song, song.takes[0], MixState({"d": Strip(mute=True)}), "", None)
    samples, _ = soundfile.read(path)
    assert path.name == "Song A - Mix.wav"
    assert samples[RATE] == pytest.approx([0.3, 0.3], abs=1e-3)
    assert len(samples) == 2 * RATE


def test_only_the_loop_of_a_stem_untouched_by_the_mix(files, song):
    muted = MixState({"d": Strip(mute=True)})
    path = files.make(song, song.takes[0], muted, "d", (0.5, 1.0))
    samples, _ = soundfile.read(path)
    assert path.name == "Song A - Drums.wav"
    assert len(samples) == RATE // 2
    assert samples[100] == pytest.approx([0.2, 0.2], abs=1e-3)


def test_the_same_again_is_the_same_file_and_another_mix_another(files, song):
    take = song.takes[0]
    first = files.make(song, take, MixState(), "", None)
    assert files.make(song, take, MixState(), "", None) == first
    other = files.make(song, take, MixState(master=-6.0), "", None)
    assert (first.name, other.name) == ("Song A - Mix.wav", "Song A - Mix (2).wav")
    first.unlink()
    assert files.make(song, take, MixState(), "", None).exists()
