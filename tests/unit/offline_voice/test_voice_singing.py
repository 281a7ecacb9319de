"""The singer against its score: pitch, time, level, sameness."""

from __future__ import annotations

import hashlib
import subprocess
import sys
from dataclasses import replace

import numpy as np
import numpy.typing as npt
import pytest

from musicapi_desktop.offline.composer.score import Note, Syllable, VocalLine
from musicapi_desktop.offline.voice.manner import FEMALE, MALE
from musicapi_desktop.offline.voice.phrase import phrases_of
from musicapi_desktop.offline.voice.singer import Singer, vowel_times
from musicapi_desktop.offline.voice.syllables import syllables_of

RATE = 48_000
PITCHES = {"f": (64, 66, 68, 71, 69, 66, 64, 61), "m": (52, 54, 56, 59, 57, 54, 52, 49)}
Sound = npt.NDArray[np.float32]


def line_of(text: str, gender: str, *, start: float = 1.0, beat: float = 0.5, backing: bool = False) -> VocalLine:
    """A line with one note per syllable, on the beat."""
    pitches = PITCHES[gender]
    syllables = tuple(
        Syllable(s.text, s.word, s.stress, (Note(start + i * beat, beat * 0.9, pitches[i % len(pitches)], 100),))
        for i, s in enumerate(syllables_of(text))
    )
    return VocalLine(text, 0, backing, syllables, ())


def sing(line: VocalLine, gender: str, seconds: float = 8.0) -> Sound:
    return Singer().sing([line], gender, int(seconds * RATE))


def pitch_at(sound: Sound, seconds: float, low: float = 70.0, high: float = 700.0) -> float:
    """Frequency by the normalised autocorrelation of 60 ms, refined by a parabola; 0 where there is none."""
    at = int(seconds * RATE)
    part = sound[at - 1440 : at + 1440].astype(np.float64)
    size = 8192
    power = np.abs(np.fft.rfft(part * np.hanning(len(part)), size)) ** 2
    window = np.abs(np.fft.rfft(np.hanning(len(part)), size)) ** 2
    shape = np.fft.irfft(power)[: size // 2] / np.maximum(np.fft.irfft(window)[: size // 2], 1e-3)
    first, last = int(RATE / high), int(RATE / low)
    found = shape[first:last]
    peaks = np.flatnonzero((found[1:-1] > found[:-2]) & (found[1:-1] >= found[2:])) + 1
    good = [p for p in peaks if found[p] > 0.85 * found[peaks].max()]
    if not good or found[good[0]] < 0.5 * shape[0]:
        return 0.0
    a, b, c = found[good[0] - 1 : good[0] + 2]
    return RATE / (first + good[0] + 0.5 * (a - c) / (a - 2 * b + c))


@pytest.mark.parametrize("gender", ["f", "m"])
def test_sung_pitch_is_the_scores(gender: str):
    line = line_of("We follow rivers through the golden morning", gender)
    sound = sing(line, gender)
    errors: list[float] = []
    vowels = list(vowel_times(line, gender))
    for syllable, (start, end) in zip(line.syllables, vowels, strict=True):
        note = syllable.notes[0]
        for at in np.arange(start + 0.03, min(end, note.start + note.length) - 0.03, 0.01):
            found = pitch_at(sound, float(at))
            if found:
                errors.append(1200 * np.log2(found / 440) - (note.pitch - 69) * 100)
    off = np.abs(errors)
    assert len(off) > 200
    assert np.median(off) < 15
    assert (off < 50).mean() > 0.9


def test_vowels_begin_with_their_notes():
    line = line_of("So take the silver boat and sail to me", "m", beat=0.45)
    starts = [start for start, _ in vowel_times(line, "m")]
    assert starts == [s.notes[0].start for s in line.syllables]


def test_a_vowel_after_a_silent_consonant_is_heard_at_its_note():
    line = line_of("ta pa ka ta pa", "f", beat=0.6)
    sound = sing(line, "f")
    for syllable in line.syllables:
        at = int((syllable.notes[0].start - 0.06) * RATE)
        part = sound[at : at + int(0.2 * RATE)]
        low = np.fft.irfft(np.fft.rfft(part)[: int(900 * len(part) / RATE)], len(part))
        level = np.sqrt(np.convolve(low**2, np.ones(240) / 240, "same"))
        quiet = int(np.argmin(level[: int(0.08 * RATE)]))
        crossed = quiet + int(np.argmax(level[quiet:] > 0.4 * level.max()))
        assert -0.02 < crossed / RATE - 0.06 < 0.035


def test_consonants_come_before_the_note_and_the_note_before_them_makes_room():
    line = line_of("stay stay stay", "f")
    for (_, end), syllable in zip(list(vowel_times(line, "f"))[:-1], line.syllables[1:], strict=True):
        assert 0.08 < syllable.notes[0].start - end < 0.35


@pytest.mark.parametrize("gender", ["f", "m"])
def test_the_sound_is_sane(gender: str):
    sound = sing(line_of("Every little whisper shakes the broken window", gender), gender, 9.0)
    assert sound.dtype == np.float32
    assert np.isfinite(sound).all()
    voiced = sound[RATE : 6 * RATE]
    level = 20 * np.log10(np.sqrt(np.mean(voiced**2)))
    assert -32 < level < -14
    assert np.abs(sound).max() < 0.7
    assert not sound[: int(0.4 * RATE)].any()
    assert not sound[-RATE // 2 :].any()
    # a click is a step that the spectrum of a voice does not make
    top = np.abs(np.diff(sound, 3))
    assert top.max() < 12 * np.percentile(top[top > 0], 99)


def test_syllables_are_of_one_loudness():
    line = line_of("oh ee ah oo you see far go", "f", beat=0.6)
    sound = sing(line, "f")
    levels = [
        20 * np.log10(np.sqrt(np.mean(sound[int((a + 0.1) * RATE) : int((b - 0.05) * RATE)] ** 2)))
        for a, b in vowel_times(line, "f")
    ]
    assert max(levels) - min(levels) < 9


def test_the_same_score_gives_the_same_samples_in_any_process():
    line = line_of("Carry me over the water", "f")
    here = hashlib.sha256(sing(line, "f").tobytes()).hexdigest()
    assert hashlib.sha256(sing(line, "f").tobytes()).hexdigest() == here
    code = (
        "import sys, hashlib; sys.path[:0] = sys.argv[1:];"
        "from test_voice_singing import line_of, sing;"
        "print(hashlib.sha256(sing(line_of('Carry me over the water', 'f'), 'f').tobytes()).hexdigest())"
    )
    folder = str(__import__("pathlib").Path(__file__).parent)
    said = subprocess.run([sys.executable, "-c", code, folder], capture_output=True, text=True, check=True, cwd=".")
    assert said.stdout.strip() == here


def test_a_line_sounds_the_same_alone_and_among_others():
    first = line_of("Hold the light", "f")
    second = line_of("Turn the page", "f", start=4.0)
    alone = sing(first, "f")
    both = Singer().sing([second, first], "f", 8 * RATE)
    assert np.array_equal(alone[: 3 * RATE], both[: 3 * RATE])


def test_women_and_men_and_personas_differ():
    line = line_of("Under the silver moon", "m")
    voices = [Singer(m).sing([line], "m", 5 * RATE) for m in (FEMALE, MALE, replace(MALE, formants=1.1))]
    spectra = [np.log(np.abs(np.fft.rfft(v))[1000:20000].reshape(-1, 100).mean(1) + 1e-3) for v in voices]
    for i, a in enumerate(spectra):
        for b in spectra[i + 1 :]:
            assert np.sqrt(np.mean((a - b) ** 2)) > 0.2


def test_backing_voices_are_softer_in_consonants():
    lead, behind = (sing(line_of("sister sister", "f", backing=b), "f") for b in (False, True))

    def hiss(sound: Sound) -> float:
        spectrum = np.abs(np.fft.rfft(sound)) ** 2
        hertz = np.fft.rfftfreq(len(sound), 1 / RATE)
        return float(spectrum[(hertz > 6000) & (hertz < 11000)].sum() / spectrum[hertz < 3000].sum())

    assert hiss(behind) < 0.6 * hiss(lead)


def test_rests_part_phrases_and_breaths_fill_them():
    line = line_of("Come home tonight", "f", beat=1.0)
    assert len(phrases_of(line)) == 1
    spread = replace(
        line,
        syllables=tuple(replace(s, notes=tuple(replace(n, length=0.4) for n in s.notes)) for s in line.syllables),
    )
    assert len(phrases_of(spread)) == 4
    sound = sing(line_of("Come home", "f", start=2.0), "f")
    breath = np.abs(sound[int(1.4 * RATE) : int(1.8 * RATE)]).max()
    assert 0 < breath < 0.1 * np.abs(sound).max()


@pytest.mark.parametrize("notes", [1, 2, 9])
def test_notes_and_syllables_that_do_not_match_are_sung_nevertheless(notes: int):
    text = "carry me"
    row = tuple(Syllable("x", 0, 1, (Note(1 + i * 0.4, 0.36, 64, 100),)) for i in range(notes))
    sound = sing(VocalLine(text, 0, False, row, ()), "f")
    assert np.isfinite(sound).all()
    assert sound.any()


@pytest.mark.parametrize("text", ["♥", "\x00", "brrr", "مرحبا", "9" * 30, "supercalifragilistic" * 5])
def test_strange_words_do_not_stop_the_song(text: str):
    assert np.isfinite(sing(line_of(text, "m", beat=0.2), "m", 12.0)).all()


def test_very_fast_and_overlapping_notes_are_sung():
    row = tuple(Syllable("x", 0, 1, (Note(1 + i * 0.05, 0.2, 60 + i, 100),)) for i in range(4))
    sound = sing(VocalLine("strengths scripts sprints streets", 0, False, row, ()), "f")
    assert np.isfinite(sound).all()
    assert np.abs(sound).max() < 1.0


def test_nothing_to_sing_is_silence():
    assert not Singer().sing([], "f", 1000).any()
