import os

import numpy as np
import pytest
import soundfile

from musicapi_desktop.audio.cache import DecodedCache
from musicapi_desktop.audio.probe import ProbeCancelled, probe
from musicapi_desktop.audio.sources import RATE, decode_all, open_source
from musicapi_desktop.audio.wav import map_wav
from musicapi_desktop.domain.errors import AudioUnreadable, DiskError
from musicapi_desktop.dsp.files import read_all
from musicapi_desktop.dsp.writer import write_flac, write_float, write_mp3, write_pcm16, write_pcm24


def music(seconds=2.0, rate=RATE, level=0.5, seed=0):
    rng = np.random.default_rng(seed)
    time = np.arange(int(seconds * rate)) / rate
    wave = level * np.sin(2 * np.pi * 220 * time) * np.exp(-(time % 0.5) * 3)
    return np.stack([wave, 0.7 * wave + rng.normal(0, 0.001, len(time))], axis=1).astype(np.float32)


@pytest.fixture
def cache(tmp_path):
    return DecodedCache(tmp_path / "cache")


def decoded(path, cache, facts=None, owned=()):
    source, decoding = open_source(path, cache, facts, owned)
    if decoding is not None:
        decode_all([decoding], lambda: False, lambda: None)
    return source


def needs_decoding(path, cache, owned=()):
    decoding = open_source(path, cache, owned=owned)[1]
    if decoding is not None:
        decoding.close()
    return decoding is not None


def sound(source):
    return source.words[: source.frames].astype(np.float32) * source.unit


def test_a_wav_of_16_bits_is_exact(tmp_path, cache):
    write_pcm16(tmp_path / "a.wav", music(), RATE)
    source = decoded(tmp_path / "a.wav", cache)
    assert source.complete
    assert np.array_equal(sound(source), read_all(tmp_path / "a.wav")[0])


@pytest.mark.parametrize(("write", "name"), [(write_flac, "a.flac"), (write_mp3, "a.mp3"), (write_pcm24, "a.wav")])
def test_others_are_within_half_a_step(tmp_path, cache, write, name):
    write(tmp_path / name, music(), RATE)
    source = decoded(tmp_path / name, cache, probe(tmp_path / name))
    exact, _ = read_all(tmp_path / name)
    assert source.frames == len(exact)
    assert np.abs(sound(source) - exact).max() <= 0.51 * source.unit
    assert source.unit < 1.1 / 32768


def test_float_over_full_scale_does_not_clip(tmp_path, cache):
    samples = music(level=0.5) * 3.5
    write_float(tmp_path / "a.wav", samples, RATE)
    source = decoded(tmp_path / "a.wav", cache, probe(tmp_path / "a.wav"))
    assert np.abs(sound(source) - samples).max() <= 0.51 * source.unit


@pytest.mark.parametrize("rate", [8_000, 22_050, 44_100, 96_000, 192_000])
def test_other_rates_come_out_at_the_transports(tmp_path, cache, rate):
    write_pcm16(tmp_path / "a.wav", music(rate=rate), rate)
    source = decoded(tmp_path / "a.wav", cache)
    assert source.frames == pytest.approx(2 * RATE, abs=2)
    if rate > 22_050:
        assert np.abs(sound(source)[4800:-4800] - music()[4800 : len(sound(source)) - 4800]).mean() < 0.01


@pytest.mark.parametrize(("channels", "kept"), [(1, 1), (2, 2), (6, 2), (8, 2)])
def test_channels(tmp_path, cache, channels, kept):
    soundfile.write(tmp_path / "a.wav", np.full((1000, channels), 0.1, np.float32), RATE)
    source = decoded(tmp_path / "a.wav", cache)
    assert source.words.shape[1] == kept
    assert source.frames == 1000


def test_the_second_time_nothing_is_decoded(tmp_path, cache):
    write_mp3(tmp_path / "a.mp3", music(), RATE)
    facts = probe(tmp_path / "a.mp3")
    first = decoded(tmp_path / "a.mp3", cache, facts)
    source, decoding = open_source(tmp_path / "a.mp3", cache, facts)
    assert decoding is None
    assert source.complete
    assert np.array_equal(sound(source), sound(first))


def test_a_file_that_changed_is_decoded_anew(tmp_path, cache):
    write_pcm16(tmp_path / "a.wav", music(), RATE)
    before = decoded(tmp_path / "a.wav", cache)
    kept = sound(before).copy()
    write_pcm16(tmp_path / "a.wav", music(1, seed=4), RATE)  # replaced while it is open
    os.utime(tmp_path / "a.wav", ns=(1, 1))
    after = decoded(tmp_path / "a.wav", cache)
    assert after.frames == RATE
    assert np.array_equal(sound(before), kept)


def test_only_what_the_app_owns_is_mapped(tmp_path, cache):
    write_pcm16(tmp_path / "a.wav", music(), RATE)
    source, decoding = open_source(tmp_path / "a.wav", cache, owned=[tmp_path])
    assert decoding is None
    assert np.array_equal(sound(source), read_all(tmp_path / "a.wav")[0])
    assert needs_decoding(tmp_path / "a.wav", cache, [tmp_path / "elsewhere"])
    write_pcm16(tmp_path / "b.wav", music(rate=44_100), 44_100)
    assert needs_decoding(tmp_path / "b.wav", cache, [tmp_path])


def test_damaged_wav_headers_are_never_fatal(tmp_path):
    write_pcm16(tmp_path / "a.wav", music(0.05), RATE)
    whole = (tmp_path / "a.wav").read_bytes()
    rng = np.random.default_rng(0)
    for _ in range(400):
        data = bytearray(whole[: int(rng.integers(0, 200))] if rng.random() < 0.3 else whole)
        for _ in range(int(rng.integers(1, 6))):
            if data:
                data[int(rng.integers(0, min(60, len(data))))] = int(rng.integers(0, 256))
        (tmp_path / "b.wav").write_bytes(data)
        found = map_wav(tmp_path / "b.wav")
        if found is not None:
            assert found[0].shape[1] in (1, 2)
            assert found[0].nbytes <= len(data)
            assert np.isfinite(float(found[0].sum()))


def test_decoding_can_be_given_up(tmp_path, cache):
    write_flac(tmp_path / "a.flac", music(20), RATE)
    source, decoding = open_source(tmp_path / "a.flac", cache)
    steps = iter([False, False, True])
    decode_all([decoding], lambda: next(steps), lambda: None)
    assert 0 < source.ready < 20 * RATE
    assert not source.complete
    assert not list((tmp_path / "cache").iterdir())
    assert sound(source)[: source.ready].any()


def test_a_full_disk_is_answered_with_memory(tmp_path, cache, monkeypatch):
    from musicapi_desktop.audio.cache import CacheFile

    write_flac(tmp_path / "a.flac", music(5), RATE)
    write, calls = CacheFile.write, []

    def full(self, words):
        calls.append(len(words))
        if len(calls) > 2:
            raise OSError(28, "No space left on device")
        write(self, words)

    monkeypatch.setattr(CacheFile, "write", full)
    source = decoded(tmp_path / "a.flac", cache)
    assert source.complete
    assert np.abs(sound(source) - read_all(tmp_path / "a.flac")[0]).max() < 1e-4
    assert not list((tmp_path / "cache").iterdir())


def test_a_cache_that_cannot_be_made_is_answered_with_memory(tmp_path):
    (tmp_path / "file").write_text("not a folder")
    write_pcm16(tmp_path / "a.wav", music(), RATE)
    source = decoded(tmp_path / "a.wav", DecodedCache(tmp_path / "file"))
    assert np.array_equal(sound(source), read_all(tmp_path / "a.wav")[0])


def test_a_broken_end_is_told(tmp_path, cache):
    write_flac(tmp_path / "a.flac", music(5), RATE)
    data = (tmp_path / "a.flac").read_bytes()
    (tmp_path / "b.flac").write_bytes(data[: len(data) // 2])
    source = decoded(tmp_path / "b.flac", cache)
    assert source.complete
    assert 0 < source.frames < 5 * RATE


def test_damaged_cache_files_are_not_used(tmp_path, cache):
    write_flac(tmp_path / "a.flac", music(), RATE)
    decoded(tmp_path / "a.flac", cache)
    (kept,) = (tmp_path / "cache").glob("*.pcm")
    data = kept.read_bytes()
    for damage in (b"", data[:100], b"{}" + data[2:], data[:5000], b"\xff" * 5000):
        kept.write_bytes(damage)
        assert needs_decoding(tmp_path / "a.flac", cache)


def test_the_oldest_go_when_there_are_too_many(tmp_path):
    folder = tmp_path / "cache"
    cache = DecodedCache(folder, limit=900_000)
    for number in range(4):
        write_flac(tmp_path / f"{number}.flac", music(seed=number), RATE)
        decoded(tmp_path / f"{number}.flac", cache)
        for kept in folder.glob("*.pcm"):
            stat = kept.stat()
            os.utime(kept, (stat.st_mtime - 100, stat.st_mtime - 100))
    assert len(list(folder.glob("*.pcm"))) == 4
    cache.keep_within_limit()
    left = sum(kept.stat().st_size for kept in folder.glob("*.pcm"))
    assert 0 < left <= 900_000
    assert not needs_decoding(tmp_path / "3.flac", cache)
    assert needs_decoding(tmp_path / "0.flac", cache)


def test_probe_tells_what_is_there(tmp_path):
    write_mp3(tmp_path / "a.mp3", music(3), RATE)
    facts = probe(tmp_path / "a.mp3")
    assert (facts.frames, facts.rate, facts.channels, facts.format) == (3 * RATE, RATE, 2, "mp3")
    assert len(facts.overview) == 200
    assert max(facts.overview) == pytest.approx(0.5 * 255, abs=15)
    assert -30 < facts.loudness < -5
    assert facts.true_peak == pytest.approx(-6, abs=1)


def test_probe_counts_mono_as_it_sounds(tmp_path):
    wave = music(3)[:, :1]
    soundfile.write(tmp_path / "mono.wav", wave, RATE, subtype="FLOAT")
    soundfile.write(tmp_path / "both.wav", np.repeat(wave, 2, axis=1), RATE, subtype="FLOAT")
    assert probe(tmp_path / "mono.wav").loudness == pytest.approx(probe(tmp_path / "both.wav").loudness, abs=1e-4)


def test_probe_of_silence_has_no_level(tmp_path):
    write_pcm16(tmp_path / "a.wav", np.zeros((RATE, 2), np.float32), RATE)
    facts = probe(tmp_path / "a.wav")
    assert (facts.loudness, facts.true_peak) == (None, None)


def test_probe_refuses_what_does_not_play(tmp_path):
    (tmp_path / "a.mp3").write_bytes(b"<!doctype html><title>Sign in</title>" * 100)
    with pytest.raises(AudioUnreadable):
        probe(tmp_path / "a.mp3")
    soundfile.write(tmp_path / "empty.wav", np.zeros((0, 2)), RATE)
    with pytest.raises(AudioUnreadable, match="no sound"):
        probe(tmp_path / "empty.wav")
    with pytest.raises(DiskError):
        probe(tmp_path / "nowhere.wav")


def test_probe_can_be_stopped(tmp_path):
    write_pcm16(tmp_path / "a.wav", music(), RATE)
    with pytest.raises(ProbeCancelled):
        probe(tmp_path / "a.wav", cancelled=lambda: True)
