"""Loudness and true peak of the mix as it is set are those that its export would have."""

import numpy as np
import pytest

from musicapi_desktop.audio.probe import probe
from musicapi_desktop.domain.mix import OFF, MixState, Strip
from musicapi_desktop.domain.song import Song, Stem, Take, TakeState
from musicapi_desktop.dsp.writer import write_pcm16
from musicapi_desktop.services.export import Export, MixOrder
from musicapi_desktop.services.playback import Playback

RATE = 48_000
LOUD = MixState({"v": Strip(level=6.0), "d": Strip(level=6.0)}, master=6.0)
MIXES = {
    "as it is": MixState(),
    "levels and a balance": MixState({"v": Strip(level=-6.0, balance=0.4), "d": Strip(balance=-1.0)}, master=-3.0),
    "mono and a mute": MixState({"d": Strip(mute=True)}, mono=True),
    "a range muted": MixState(ranges={"v": ((0.5, 2.0),)}),
    "over full scale": LOUD,
}


@pytest.fixture
def music(tmp_path):
    folder = tmp_path / "music"
    folder.mkdir()
    rng = np.random.default_rng(1)
    for name, seconds in (("A", 3.0), ("v", 3.0), ("d", 2.5)):
        noise = rng.standard_normal((int(seconds * RATE), 2)).astype(np.float32)
        write_pcm16(folder / f"{name}.wav", np.clip(0.1 * noise, -1.0, 1.0), RATE)
    return folder


@pytest.fixture
def take(music):
    stems = tuple(Stem(key, "a", "full", key, key, f"{key}.wav", place) for place, key in enumerate("vd"))
    facts = probe(music / "A.wav")
    return Take("a", "song", "A", state=TakeState.READY, path="A.wav", facts=facts, stems=stems)


@pytest.fixture
def playback(music, take, tmp_path):
    class Songs:
        def song(self, _song_id):
            return Song("song", "Song", takes=(take,))

        def path(self, relative):
            return music / relative

    made = Playback(Songs(), tmp_path / "cache", lambda work: work())
    made.open_take(Songs().song("song"), take)
    made.open_stems(take)
    yield made
    made.close()


@pytest.mark.parametrize("state", MIXES.values(), ids=MIXES)
def test_they_are_those_of_the_export(playback, take, music, tmp_path, state):
    playback.mix(state)
    for stem_id, spans in state.ranges.items():
        playback.mute_ranges(stem_id, spans)
    loudness, true_peak = playback.mix_figures(take)
    order = MixOrder(state, ranges=state.ranges)
    report = Export(lambda relative: music / relative).save_mix(take, order, tmp_path / "mix.wav", "wav32f")
    assert loudness == pytest.approx(report.loudness, abs=0.05)
    assert true_peak == pytest.approx(report.true_peak, abs=0.05)
    assert (true_peak > 0.0) == (state is LOUD)


def test_silence_has_no_figures(playback, take):
    playback.mix(MixState({"v": Strip(level=OFF), "d": Strip(mute=True)}))
    assert playback.mix_figures(take) == (None, None)
