"""Operations on recordings: through what can be heard of them."""

from __future__ import annotations

import numpy as np
import pytest
import soundfile
from fakes.short_songs import LYRICS, material, read, score_of

from musicapi_desktop.offline.engine import (
    Cancelled,
    Material,
    Unsuitable,
    analyse,
    midi_notes,
    persona_of,
    separate,
    upsample_tags,
    voice_of,
    vox,
    write_lyrics,
)

RATE = 48_000


def test_a_recording_is_heard_as_it_was_played(upload, tmp_path):
    heard = analyse(upload.mix, tmp_path, lambda share, word: None, lambda: False)
    assert heard.bpm == pytest.approx(116, rel=0.01)
    assert heard.slowest <= heard.bpm <= heard.fastest
    assert "E minor" in heard.keys or "G major" in heard.keys
    assert heard.seconds == pytest.approx(14.0, abs=0.1)
    steps = np.diff(heard.beats)
    assert np.abs(steps - 60 / 116).max() < 0.06
    assert (tmp_path / "analysis.json").exists()
    again = analyse(upload.mix, tmp_path, lambda share, word: None, lambda: False)
    assert again == heard


def test_parts_of_a_recording_sum_to_it(upload, tmp_path):
    stems = separate(upload, tmp_path, lambda share, word: None, lambda: False)
    assert len(stems) == 12
    assert all(stem.draft for stem in stems)
    sounding = {stem.name for stem in stems if not stem.silent}
    assert sounding == {"Vocals", "Drums", "Bass", "Synth"}
    whole = np.rint(soundfile.read(upload.mix, dtype="float32")[0] * 32768)
    assert np.abs(sum(read(stem.path) for stem in stems) - whole).max() <= 2
    low = {stem.name: _share_below(read(stem.path), 200) for stem in stems if not stem.silent}
    assert low["Bass"] > 0.9
    assert low["Bass"] > low["Drums"]


def _share_below(sound, hertz: float) -> float:
    power = np.abs(np.fft.rfft(sound[:, 0])) ** 2
    return float(power[np.fft.rfftfreq(len(sound), 1 / RATE) < hertz].sum() / power.sum())


def test_a_recording_goes_on_at_its_beat(studio, upload):
    made = studio.make(
        "extend_upload_music", sources=(upload,), start=8.3, duration=8.0, instrumental=True, tags="rock", join=True
    )
    score = score_of(made)
    assert score.bpm == pytest.approx(116, rel=0.01)
    beats = (score.attaches_at + 0.03) / (60 / 116)
    assert abs(beats - round(beats)) < 0.15
    assert made.full.seconds == pytest.approx(score.attaches_at + made.seconds, abs=0.02)
    old, new = soundfile.read(upload.mix, dtype="float32")[0], read(made.full.mix)[: 6 * RATE] / 32768
    assert np.corrcoef(old[: 6 * RATE, 0], new[:, 0])[0, 1] > 0.99


def test_words_are_sung_over_a_recording(studio, upload):
    made = studio.make("add_vocals", sources=(upload,), lyrics=LYRICS)
    assert any(not stem.silent for stem in made.stems if stem.name == "Vocals")
    assert score_of(made).vocals[0].words


def test_a_recording_is_covered_remastered_and_mended(studio, upload):
    cover = studio.make("cover_upload_music", sources=(upload,), tags="lofi")
    assert score_of(cover).style == "lofi"
    assert score_of(cover).melody
    sung = studio.make("cover_upload_music", sources=(upload,), tags="lofi", lyrics=LYRICS)
    assert score_of(sung).vocals
    studio.make("remaster", sources=(upload,), take=1)
    mended = studio.make(
        "replace-section", sources=(upload,), start=5.0, end=9.0, tags="rock", instrumental=True, join=True
    )
    begin = round(score_of(mended).attaches_at * RATE)
    whole = np.rint(soundfile.read(upload.mix, dtype="float32")[0] * 32768)
    assert np.abs(read(mended.full.mix)[:begin] - whole[:begin]).max() <= 1


def test_a_recording_and_a_song_meet(studio, song, upload):
    made = studio.make("mashup", sources=(material(song), upload))
    assert score_of(made).bpm == pytest.approx(116, rel=0.01)
    sampled = studio.make(
        "sample", sources=(upload,), start=2.0, end=9.0, tags="lofi", instrumental=True, duration=10.0
    )
    assert score_of(sampled).bpm == pytest.approx(116, rel=0.01)


def test_a_voice_alone_gets_a_band_and_a_persona(studio, song, tmp_path):
    sound, rate = soundfile.read(song.stems[0].path)
    soundfile.write(tmp_path / "voice.wav", sound, rate)
    voice = Material(tmp_path, tmp_path / "voice.wav", (), None, song.seconds)
    made = studio.make("add_instrumental", sources=(voice,), tags="pop")
    assert sum(not stem.silent for stem in made.stems) >= 4
    described = voice_of(tmp_path / "voice.wav")
    assert described["gender"] == "f"
    assert persona_of(voice, 0.0, 12.0)["manner"]["bank"] == "slt"


def test_an_excerpt_of_a_voice(song, beat, tmp_path):
    line = score_of(song).vocals[0].words[0].start
    path = vox(material(song), tmp_path, line, line + 3.0)
    assert soundfile.info(path).frames == 3 * RATE
    with pytest.raises(Unsuitable):
        vox(material(beat), tmp_path, 0.0, 5.0)


def test_notes_of_songs_and_recordings(song, upload):
    own = dict(midi_notes(material(song)))
    assert {"Vocals", "Drums", "Bass"} <= set(own)
    heard = dict(midi_notes(upload))
    assert heard["Chords"]
    assert all(0 <= n.velocity <= 1 and n.end > n.start for notes in heard.values() for n in notes)


def test_words_for_the_form():
    first, second = write_lyrics("winter trains", 4)
    assert first != second
    assert "[Chorus]" in first[1]
    assert first[0]
    fuller = upsample_tags("lofi, female vocals")
    assert fuller.startswith("lofi, female vocals, ")
    assert "bpm" in fuller
    assert "bpm" not in upsample_tags("house, 124 beats per minute").replace("124 beats per minute", "")


def test_what_is_no_sound_is_refused_and_work_can_be_stopped(tmp_path, upload):
    (tmp_path / "text.mp3").write_text("no sound")
    with pytest.raises(Unsuitable):
        analyse(tmp_path / "text.mp3", tmp_path, lambda share, word: None, lambda: False)
    soundfile.write(tmp_path / "silent.wav", np.zeros((3 * RATE, 2)), RATE)
    with pytest.raises(Unsuitable, match="silent"):
        analyse(tmp_path / "silent.wav", tmp_path, lambda share, word: None, lambda: False)
    with pytest.raises(Cancelled):
        separate(upload, tmp_path / "parts", lambda share, word: None, lambda: True)
