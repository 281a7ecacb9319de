"""Operations on songs made here: through the score, exactly."""

from __future__ import annotations

import hashlib
import subprocess
import sys
from itertools import pairwise

import numpy as np
import pytest
import soundfile
from fakes.short_songs import LYRICS, material, read, score_of

from musicapi_desktop.dsp.loudness import integrated, true_peak
from musicapi_desktop.offline.engine import Brief, Unsuitable, make_take, persona_of

RATE = 48_000


def intervals(score) -> list[int]:
    return [b.pitch - a.pitch for a, b in pairwise(score.melody)]


def check_sound(made) -> None:
    """Stems sum to the mix; loudness and true peak hold; nothing clips or is offset."""
    mix = read(made.mix)
    assert np.abs(sum(read(stem.path) for stem in made.stems) - mix).max() <= 32768 * 10 ** (-68 / 20)
    sound = mix.astype(np.float32) / np.float32(32768)
    assert integrated(sound, RATE) == pytest.approx(-14.0, abs=1.0)
    assert true_peak(sound, RATE) <= -1.0
    assert np.abs(sound.mean(0)).max() < 1e-3
    assert abs(len(mix) / RATE - made.seconds) < 0.01


@pytest.fixture(scope="session")
def more(studio, song):
    return studio.make("extend_music", sources=(material(song),), start=9.0, duration=10.0, join=True)


def test_extension_keeps_key_tempo_and_chorus(song, more):
    old, new = score_of(song), score_of(more)
    assert (new.key, new.bpm, new.style) == (old.key, old.bpm, old.style)
    assert 0 < new.attaches_at < 9.6
    check_sound(more)
    choruses = [
        [n.pitch for n in score.melody if mark.start - 0.05 <= n.start < mark.end]
        for score in (old, new)
        for mark in score.sections
        if mark.kind == "chorus"
    ]
    assert choruses[0]
    assert choruses[0][:4] == choruses[-1][:4]


def test_joined_song_is_the_old_one_up_to_an_inaudible_seam(song, more):
    check_sound(more.full)
    seam = round(score_of(more).attaches_at * RATE)
    old, whole = read(song.mix)[:seam].astype(float), read(more.full.mix).astype(float)
    early = slice(RATE, seam)
    gain = (old[early] * whole[early]).sum() / np.square(old[early]).sum()
    assert np.abs(whole[early] - gain * old[early]).max() < 32768 * 0.05
    jumps = np.abs(np.diff(whole, axis=0)).max(1)
    assert jumps[seam - 50 : seam + 800].max() <= np.percentile(jumps[seam - RATE : seam + RATE], 99.9)
    assert [m.start for m in score_of(more.full).sections] == sorted(m.start for m in score_of(more.full).sections)
    assert "Neon rain" in more.full.lyrics


def test_the_other_take_of_an_extension_is_another_idea(studio, song, more):
    other = studio.make("extend_music", sources=(material(song),), start=9.0, duration=10.0, take=1)
    assert [m.kind for m in score_of(other).sections] != [m.kind for m in score_of(more).sections]


def test_joining_by_hand_gives_the_same_song(studio, song, more):
    joined = studio.make("concat_music", sources=(material(song), material(more)))
    assert abs(joined.seconds - more.full.seconds) < 0.01
    assert np.abs(read(joined.mix) - read(more.full.mix)).max() < 40


def test_only_the_replaced_section_changes(studio, song):
    words = "Sing another line tonight"
    made = studio.make(
        "replace-section", sources=(material(song),), start=4.7, end=9.7, section_lyrics=words, join=True
    )
    begin = round(score_of(made).attaches_at * RATE)
    end = begin + len(read(made.mix))
    files = [[take.mix, *(stem.path for stem in take.stems)] for take in (song, made.full)]
    for before, after in zip(*(map(read, each) for each in files), strict=True):
        assert (before[:begin] == after[:begin]).all()
        assert (before[end:] == after[end:]).all()
    assert (read(song.mix)[begin:end] != read(made.full.mix)[begin:end]).mean() > 0.8
    assert any(line.text == words for line in score_of(made.full).vocals)
    assert score_of(made).bpm == score_of(song).bpm
    beat = 60 / score_of(song).bpm
    assert (score_of(made).attaches_at + 0.03) / beat % 4 == pytest.approx(0, abs=0.02)


def test_cover_keeps_melody_and_words_in_another_style(studio, song):
    made = studio.make("cover_music", sources=(material(song),), tags="synthwave")
    old, new = score_of(song), score_of(made)
    assert new.style == "synthwave"
    assert intervals(new) == intervals(old)
    assert [w.text for line in new.vocals for w in line.words] == [w.text for line in old.vocals for w in line.words]
    check_sound(made)


def test_remaster_goes_as_far_as_it_is_told(studio, song):
    old = read(song.mix).astype(float)
    off: list[float] = []
    for variation in ("subtle", "high"):
        made = studio.make("remaster", sources=(material(song),), variation=variation)
        check_sound(made)
        off.append(float(np.sqrt(np.mean((read(made.mix) - old) ** 2) / np.mean(old**2))))
    assert 0.01 < off[0] < 0.5 * off[1]


def test_a_voice_is_added_to_an_instrumental(studio, beat):
    made = studio.make("add_vocals", sources=(material(beat),), lyrics=LYRICS)
    score = score_of(made)
    assert score.vocals
    assert (score.bpm, score.key) == (score_of(beat).bpm, score_of(beat).key)
    assert not next(s for s in made.stems if s.name == "Vocals").silent
    check_sound(made)


def test_a_band_is_added_and_the_voice_stays(studio, song):
    made = studio.make("add_instrumental", sources=(material(song),), tags="jazz")
    voice, old = (read(m.stems[0].path)[: 8 * RATE].astype(float).ravel() for m in (made, song))
    assert np.corrcoef(voice, old)[0, 1] > 0.95
    assert score_of(made).style == "jazz"
    check_sound(made)


def test_a_sample_runs_through_the_new_song(studio, song):
    made = studio.make(
        "sample", sources=(material(song),), start=2.0, end=8.0, tags="hip-hop", instrumental=True, duration=12.0
    )
    assert score_of(made).bpm == score_of(song).bpm
    assert not made.stems[4].silent  # the guitar of the folk song
    check_sound(made)


def test_mashup_brings_two_songs_into_one_tempo_and_key(studio, song, beat):
    pair = (material(song), material(beat))
    takes = [studio.make("mashup", sources=pair, take=take, duration=12.0) for take in (0, 1)]
    first, second = map(score_of, takes)
    assert (first.bpm, second.bpm) == (120, 100)
    assert first.style == "house"
    assert second.style == "folk"
    assert first.tonic == 2
    assert any("river" in line.text for line in first.vocals)
    check_sound(takes[0])


def test_a_persona_sings_another_song(studio, song):
    persona = persona_of(material(song), None, None)
    made = studio.make("persona_music", persona=persona, lyrics="[Verse]\nWinter trains", tags="pop", duration=8.0)
    assert score_of(made).manner == score_of(song).manner
    assert score_of(made).manner["bank"] == "slt"
    with pytest.raises(Unsuitable):
        studio.make("persona_music", lyrics="[Verse]\nWinter trains")


def test_same_request_same_samples(studio, song):
    hashes = set()
    for _ in range(2):
        made = studio.make("extend_music", sources=(material(song),), start=9.0, duration=6.0, seed=11)
        hashes.add(hashlib.sha256(made.mix.read_bytes() + made.score.read_bytes()).hexdigest())
    assert len(hashes) == 1


def test_what_cannot_be_done_is_said_in_words(studio, song):
    for operation, wishes in (
        ("extend_music", {}),
        ("concat_music", {"sources": (material(song),)}),
        ("mashup", {"sources": (material(song),)}),
        ("replace-section", {"sources": (material(song),), "start": 3.0, "end": 3.2}),
        ("fly", {}),
    ):
        with pytest.raises(Unsuitable, match=r"\w+ .*\.$"):
            studio.make(operation, **wishes)


def test_the_seam_alone_loads_nothing_heavy():
    code = (
        "import sys, musicapi_desktop.offline.engine;"
        "sys.exit(any(m.split('.')[0] in ('numpy', 'soundfile', 'soxr') for m in sys.modules))"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_the_first_seconds_are_heard_before_the_rest(tmp_path):
    told: list[float] = []
    heard: list[tuple[int, float]] = []
    plain = Brief("", "", "", "pop", "", True, "", 16.0, None, None, 3, 0)
    made = make_take(
        plain,
        tmp_path,
        lambda share, word: told.append(share),
        lambda: False,
        lambda path: heard.append((soundfile.info(path).frames, told[-1])),
    )
    assert heard == [(12 * RATE, heard[0][1])]
    assert heard[0][1] < 0.1
    early, whole = read(tmp_path / "preview.wav").astype(float), read(made.mix)[: 12 * RATE].astype(float)
    assert np.corrcoef(early[:, 0], whole[:, 0])[0, 1] > 0.95
