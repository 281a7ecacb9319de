import hashlib
import json
from pathlib import Path

import numpy as np
import pytest
import soundfile

from musicapi_desktop.dsp.loudness import integrated, true_peak
from musicapi_desktop.offline.engine import STEM_NAMES, Brief, Cancelled, MadeTake, make_take


def brief(**changes) -> Brief:
    plain = {
        "title": "", "lyrics": "", "description": "pop", "tags": "", "negative_tags": "", "instrumental": True,
        "vocal_gender": "", "duration": 12.0, "weirdness": None, "style_weight": None, "seed": 3, "take": 0,
    }  # fmt: skip
    return Brief(**{**plain, **changes})


def make(folder: Path, **changes) -> MadeTake:
    return make_take(brief(**changes), folder, lambda share, word: None, lambda: False)


def read(path: Path):
    return soundfile.read(path, dtype="int16")[0]


@pytest.fixture(scope="module", params=["pop", "rock", "epic", "jazz", "trap", "lofi"])
def take(request, tmp_path_factory):
    return make(tmp_path_factory.mktemp(request.param), description=request.param)


def test_files_are_what_they_say(take):
    info = soundfile.info(take.mix)
    assert (info.samplerate, info.channels, info.subtype, info.frames) == (48000, 2, "PCM_16", 12 * 48000)
    assert tuple(s.name for s in take.stems) == STEM_NAMES
    for stem in take.stems:
        assert soundfile.info(stem.path).frames == info.frames
        assert bool(read(stem.path).any()) != stem.silent
    assert not list(take.mix.parent.glob("*.part"))


def test_stems_sum_to_the_mix(take):
    total = sum(read(s.path).astype(np.int64) for s in take.stems)
    assert np.abs(total - read(take.mix)).max() <= 32768 * 10 ** (-70 / 20)


def test_loudness_and_true_peak(take):
    sound = read(take.mix).astype(np.float32) / np.float32(32768)
    assert integrated(sound, 48000) == pytest.approx(-14.0, abs=0.5)
    assert true_peak(sound, 48000) <= -1.0


def test_no_gaps_no_offset_no_clicks_at_the_ends(take):
    sound = read(take.mix).astype(np.float32) / 32768
    blocks = np.abs(sound[: 10 * 48000]).max(1).reshape(-1, 4800).max(1)
    assert (np.convolve(blocks < 1e-3, np.ones(10), "valid") < 10).all()
    assert np.abs(sound.mean(0)).max() < 2e-3
    assert np.abs(sound[-200:]).max() < 2e-3


def test_same_seed_same_samples(tmp_path):
    hashes = set()
    for name in ("a", "b"):
        made = make(tmp_path / name, description="house", seed=9)
        hashes.add(hashlib.sha256(made.mix.read_bytes() + made.score.read_bytes()).hexdigest())
    assert len(hashes) == 1


def test_voices_are_heard_in_their_stems(tmp_path):
    lyrics = "[Chorus]\nHold me now (hold me now)\nUnder the open sky"
    made = make(tmp_path, description="", tags="folk", lyrics=lyrics, instrumental=False, vocal_gender="f")
    silent = {s.name: s.silent for s in made.stems}
    assert not silent["Vocals"]
    assert not silent["Backing Vocals"]
    assert made.lyrics == lyrics
    score = json.loads(made.score.read_text())
    assert score["gender"] == "f"
    assert score["vocals"][0]["words"][0]["text"] == "Hold"


def test_cancel_stops_and_progress_grows(tmp_path):
    seen: list[float] = []
    with pytest.raises(Cancelled):
        make_take(brief(), tmp_path, lambda share, word: seen.append(share), lambda: len(seen) > 3)
    assert seen == sorted(seen)
    assert len(seen) <= 6
