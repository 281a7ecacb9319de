import errno
from pathlib import Path

import numpy as np
import pytest
import soundfile

from musicapi_desktop.domain.errors import DiskError
from musicapi_desktop.domain.mix import MixState, Strip
from musicapi_desktop.domain.song import Stem, Take, TakeState
from musicapi_desktop.dsp.writer import write_mp3, write_pcm16
from musicapi_desktop.services.export import Export, ExportCancelled, MixOrder
from musicapi_desktop.services.export_plan import BOTH, STEMS, Choice, Naming, pieces_of
from musicapi_desktop.services.export_run import ExportOrder, ExportRun, Watch

RATE = 48_000
MIX = MixState({"v": Strip(level=-6.0), "d": Strip(balance=-1.0)})


def tone(value, seconds=4.0):
    wave = value * np.sin(2 * np.pi * 300 * np.arange(int(seconds * RATE)) / RATE)
    return np.stack([wave, wave], axis=1).astype(np.float32)


@pytest.fixture
def take(tmp_path):
    music = tmp_path / "music"
    music.mkdir()
    write_mp3(music / "A.mp3", tone(0.5), RATE)
    write_pcm16(music / "v.wav", tone(0.3), RATE)
    write_pcm16(music / "d.wav", tone(0.2, 3.0), RATE)
    stems = (
        Stem("v", "a", "full", "Vocals", "vocals", "v.wav", 0),
        Stem("d", "a", "full", "Drums", "drums", "d.wav", 1),
    )
    return Take("a", "song", "A", state=TakeState.READY, path="A.mp3", stems=stems)


@pytest.fixture
def out(tmp_path):
    made = tmp_path / "out"
    made.mkdir()
    return made


@pytest.fixture
def run(tmp_path):
    return ExportRun(Export(lambda relative: tmp_path / "music" / relative))


def order(take, folder, choice, loop=None, mix=MIX):
    pieces = pieces_of(take, mix, choice, Naming("Song"))
    return ExportOrder(take, MixOrder(mix, loop, mix.ranges), choice, folder, pieces, 4.0)


def test_stems_as_mixed_add_up_to_the_mix(run, take, out):
    done = run.write(order(take, out, Choice(what=BOTH, form="wav32f", template="{stem}")), Watch())
    assert [path.name for path in sorted(out.iterdir())] == ["Drums.wav", "Mix.wav", "Vocals.wav"]
    mix, vocals, drums = (soundfile.read(one.path, dtype="float32")[0] for one in done)
    assert len(mix) == len(vocals) == len(drums) == 4 * RATE
    assert np.abs(vocals + drums - mix).max() < 1e-6
    assert np.abs(drums[:, 1]).max() < 1e-6, "panned to the left"
    assert done[0].loudness is not None
    assert done[0].true_peak is not None


def test_stems_as_delivered_are_untouched_and_of_one_length(run, take, out):
    run.write(order(take, out, Choice(what=STEMS, mixed=False, form="wav24", template="{stem}")), Watch())
    vocals, drums = (soundfile.read(out / f"{name}.wav")[0] for name in ("Vocals", "Drums"))
    assert len(vocals) == len(drums) == 4 * RATE
    assert np.abs(vocals).max() == pytest.approx(0.3, abs=0.01)


@pytest.mark.parametrize("mixed", [True, False])
def test_only_the_loop(run, take, out, mixed):
    choice = Choice(what=BOTH, mixed=mixed, form="wav16", loop=True, template="{stem}")
    run.write(order(take, out, choice, loop=(1.0, 2.5)), Watch())
    assert {soundfile.info(path).frames for path in out.iterdir()} == {int(1.5 * RATE)}


def test_a_loop_that_was_not_asked_for_is_not_used(run, take, out):
    done = run.write(order(take, out, Choice(form="wav16"), loop=(1.0, 2.5)), Watch())
    assert done[0].seconds == pytest.approx(4.0)


def test_the_same_file_byte_for_byte(run, take, out, tmp_path):
    choice = Choice(what=BOTH, mixed=False, form="same", template="{stem}")
    done = run.write(order(take, out, choice), Watch())
    assert all(one.copied for one in done)
    assert (out / "Original.mp3").read_bytes() == (tmp_path / "music/A.mp3").read_bytes()
    assert (out / "Vocals.wav").read_bytes() == (tmp_path / "music/v.wav").read_bytes()


def test_progress_rises_to_the_end(run, take, out):
    seen = []

    class Noting(Watch):
        def cancelled(self):
            answer = super().cancelled()
            seen.append(self.done)
            return answer

    run.write(order(take, out, Choice(what=BOTH)), Noting())
    assert seen == sorted(seen)
    assert seen[0] == 0.0
    assert seen[-1] > 0.9, "a block of the mixdown has another length than progress counts with"
    assert len(seen) > 20


def test_cancelled_half_way_leaves_nothing_and_replaces_nothing(run, take, out):
    kept = out / "Mix.wav"
    kept.write_bytes(b"mine")

    class Stopping(Watch):
        def cancelled(self):
            super().cancelled()
            return self.name == "Drums.wav"

    with pytest.raises(ExportCancelled):
        run.write(order(take, out, Choice(what=BOTH, template="{stem}")), Stopping())
    assert [path.name for path in out.iterdir()] == ["Mix.wav"]
    assert kept.read_bytes() == b"mine"


def test_taken_names_and_keeping_both(run, take, out):
    (out / "Mix.wav").write_bytes(b"mine")
    asked = order(take, out, Choice(what=BOTH, template="{stem}"))
    assert run.taken(out, asked.pieces) == ("Mix.wav",)
    assert [piece.name for piece in run.keep_both(out, asked.pieces)] == ["Mix (2).wav", "Vocals.wav", "Drums.wav"]


def test_a_full_disk_is_a_sentence_and_leaves_nothing(run, take, out, monkeypatch):
    def full(path, *args, **kwargs):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(Path, "replace", full)
    with pytest.raises(DiskError):
        run.write(order(take, out, Choice()), Watch())
    assert list(out.iterdir()) == []


def test_a_folder_that_cannot_be_made(run, take, out):
    (out / "file").write_bytes(b"")
    with pytest.raises(DiskError, match="Nothing can be written"):
        run.write(order(take, out / "file", Choice()), Watch())


def test_a_new_folder_is_made(run, take, out):
    run.write(order(take, out / "new", Choice(form="wav16")), Watch())
    assert len(list((out / "new").iterdir())) == 1
