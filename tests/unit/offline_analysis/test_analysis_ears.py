"""Each ear on sounds whose truth is known."""

from __future__ import annotations

import numpy as np
import pytest

from musicapi_desktop.offline.analysis.listen import Heard, keep, kept
from musicapi_desktop.offline.analysis.pitch import FRAME, notes_of, track
from musicapi_desktop.offline.analysis.rhythm import Pulse, pulse
from musicapi_desktop.offline.analysis.separation import parts_of
from musicapi_desktop.offline.analysis.spectra import RATE
from musicapi_desktop.offline.analysis.tonality import harmonies
from musicapi_desktop.offline.composer.theory import Key
from musicapi_desktop.offline.synth.sound import noise
from musicapi_desktop.offline.synth.stretch import stretched


def tone(pitch: float, seconds: float, rate: int = RATE):
    """A tone of six harmonics, softly begun and ended."""
    time = np.arange(round(seconds * rate)) / rate
    hertz = 440.0 * 2 ** ((pitch - 69) / 12)
    sound = sum(np.sin(2 * np.pi * hertz * n * time) / n for n in range(1, 7))
    return (0.2 * sound * np.minimum(1, np.minimum(time, time[::-1]) / 0.01)).astype(np.float32)


def beaten(bpm: float, seconds: float, first: float = 0.3):
    """Clicks on every beat, a low thump on the first of four."""
    out = np.zeros(round(seconds * RATE), np.float32)
    click = noise(600, 1) * np.exp(-np.arange(600) / 120).astype(np.float32)
    thump = np.sin(2 * np.pi * 60 * np.arange(3000) / RATE).astype(np.float32)
    at = np.arange(first, seconds - 0.2, 60 / bpm)
    for number, beat in enumerate(at):
        start = round(beat * RATE)
        out[start : start + 600] += 0.5 * click
        if number % 4 == 0:
            out[start : start + 3000] += 0.8 * thump
    return out


@pytest.mark.parametrize("bpm", [72.0, 100.0, 128.0])
def test_beats_fall_where_they_were_struck(bpm):
    found = pulse(beaten(bpm, 20.0))
    assert found.bpm == pytest.approx(bpm, rel=0.01)
    off = (np.array(found.beats) - 0.3) % (60 / bpm)
    assert np.median(np.minimum(off, 60 / bpm - off)) < 0.015
    bars = ((np.array(found.beats[::4]) - 0.3) / (240 / bpm) + 0.25) % 1
    assert np.median(bars) == pytest.approx(0.25, abs=0.05)


def test_without_a_pulse_there_is_no_tempo():
    assert pulse(tone(60, 6.0)).beats == () or pulse(np.zeros(6 * RATE, np.float32)).bpm == 0.0


def test_chords_and_key_are_named():
    row = [(57, 60, 64), (53, 57, 60), (60, 64, 67), (55, 59, 62)] * 2 + [(57, 60, 64)]
    sound = np.concatenate([sum(tone(p, 2.0) for p in (*chord, chord[0] - 12)) for chord in row])
    found = harmonies(sound, [0.5 * n for n in range(36)])
    assert Key(9, "minor") in found.keys
    wanted = [root for root in (9, 5, 0, 7, 9, 5, 0, 7, 9) for _ in range(4)]
    right = [chord[0] == root for chord, root in zip(found.chords, wanted, strict=True)]
    assert sum(right) >= 0.9 * len(right)


def test_pitch_is_followed_within_a_few_cents():
    sound = np.concatenate([tone(57.0, 0.5), np.zeros(4800, np.float32), tone(64.3, 0.6)])
    line = track(sound)
    first, second = line.pitch[10:40], line.pitch[round(0.75 / FRAME) : round(1.2 / FRAME)]
    assert np.abs(first - 57.0).max() < 0.1
    assert np.abs(second - 64.3).max() < 0.1
    assert (line.pitch[round(0.56 / FRAME) : round(0.64 / FRAME)] == 0).all()
    assert [note[2] for note in notes_of(line)] == [57, 64]


def test_struck_and_held_sounds_part():
    seconds, rate = 4.0, 48_000
    held = np.stack([tone(60, seconds, rate), np.roll(tone(67, seconds, rate), 9)])
    hits = np.zeros_like(held)
    for at in range(0, held.shape[1] - 2000, rate // 4):
        hits[:, at : at + 1500] += noise(1500, at) * np.exp(-np.arange(1500) / 300).astype(np.float32)
    nobody = track(np.zeros(round(seconds * RATE), np.float32))
    parts = np.concatenate([part for _, part in parts_of(held + hits, nobody)], axis=2)
    assert parts.shape == (3, 2, held.shape[1])
    drums, tones = parts[1].ravel(), (held + hits - parts[1]).ravel()
    assert np.corrcoef(drums, hits.ravel())[0, 1] > 0.8
    assert np.corrcoef(tones, held.ravel())[0, 1] > 0.9
    assert np.abs(parts[0]).max() < 1e-6


@pytest.mark.parametrize(("longer", "semitones"), [(1.3, 0.0), (0.8, 3.0), (1.0, -5.0)])
def test_stretching_changes_length_and_pitch_apart(longer, semitones):
    rate = 48_000
    sound = np.stack([tone(69, 2.0, rate)] * 2)
    made = stretched(sound, longer, semitones)
    assert made.shape[1] == round(sound.shape[1] * longer)
    middle = made[0, made.shape[1] // 4 : made.shape[1] // 4 + rate // 2]
    spectrum = np.abs(np.fft.rfft(middle * np.hanning(len(middle)), 1 << 18))
    found = np.argmax(spectrum) * rate / (1 << 18)
    assert 1200 * abs(np.log2(found / (440 * 2 ** (semitones / 12)))) < 8
    assert np.abs(made).max() < 1.3 * np.abs(sound).max()


def test_what_was_heard_is_kept(tmp_path):
    heard = Heard(
        4.0, Pulse(100.0, 99.0, 101.0, (0.1, 0.7)), (Key(9, "minor"), Key(0, "major")), ((9, True), (5, False)),
        ((0.1, 0.6, 64, 0.5),), has_voice=True, alone=False,
    )  # fmt: skip
    keep(heard, tmp_path / "analysis.json")
    assert kept(tmp_path / "analysis.json") == heard
    (tmp_path / "analysis.json").write_text('{"keys": [[1]]}')
    assert kept(tmp_path / "analysis.json") is None
