import numpy as np
import pytest

from musicapi_desktop.offline.composer.score import Note
from musicapi_desktop.offline.composer.style import load_all
from musicapi_desktop.offline.resources import root
from musicapi_desktop.offline.synth import dynamics
from musicapi_desktop.offline.synth.electronic import Electronic
from musicapi_desktop.offline.synth.filters import PLAIN, Tone, shaped, shaped_long
from musicapi_desktop.offline.synth.kits import KITS, drum
from musicapi_desktop.offline.synth.patches import PATCHES
from musicapi_desktop.offline.synth.sampler import Sampler
from musicapi_desktop.offline.synth.sound import RATE, noise
from musicapi_desktop.offline.synth.soundfont import DRUMS, SoundFont


@pytest.fixture(scope="module")
def font():
    return SoundFont(root() / "bank" / "bank.sf3")


def pitch_of(sound) -> float:
    """Fundamental in MIDI pitch, by autocorrelation of the middle."""
    part = sound[len(sound) // 3 : len(sound) // 3 + 16384].astype(np.float64)
    size = 1 << 16
    echo = np.fft.irfft(np.abs(np.fft.rfft(part * np.hanning(len(part)), size)) ** 2)
    low, high = int(RATE / 1500), int(RATE / 60)
    lag = low + int(np.argmax(echo[low:high]))
    a, b, c = echo[lag - 1 : lag + 2]
    return 69 + 12 * np.log2(RATE / (lag + 0.5 * (a - c) / (a - 2 * b + c)) / 440)


def test_bank_is_small_and_its_sources_are_told():
    folder = root() / "bank"
    assert (folder / "bank.sf3").stat().st_size < 16_000_000
    assert "Frank Wen" in (folder / "LICENCES.txt").read_text()
    assert "fluidr3mono" in (folder / "SOURCES.txt").read_text()


def test_every_sound_of_every_style_exists(font):
    programs = font.programs()
    for style in load_all(root() / "styles"):
        for sound in [p.sound.sound for p in style.parts] + [lead.sound.sound for lead in style.leads]:
            kind, _, name = sound.partition(":")
            assert (0, int(name)) in programs if kind == "gm" else name in PATCHES, (style.id, sound)
        if style.kit.startswith("gm:"):
            assert (DRUMS, int(style.kit[3:])) in programs
        elif style.kit:
            assert style.kit in KITS


@pytest.mark.parametrize("program", [0, 4, 24, 33, 42, 48, 56, 60, 73])
def test_sampler_plays_in_tune(font, program):
    for key in (48, 60):
        sound = Sampler(font, 0, program, PLAIN).render([Note(0.0, 1.5, key, 100)], 2 * RATE)
        found = pitch_of(sound.sum(0))
        assert abs((found - key + 6) % 12 - 6) < 0.25


@pytest.mark.parametrize("patch", sorted(PATCHES))
def test_patches_are_in_tune_and_do_not_click(patch):
    sound = Electronic(patch, PLAIN).render([Note(0.1, 1.2, 57, 100)], 8 * RATE)
    assert np.isfinite(sound).all()
    assert np.abs(sound).max() > 0.01
    assert np.abs(sound[:, -10:]).max() < 1e-3
    if patch not in ("air", "808"):
        found = pitch_of(sound[0, : int(1.4 * RATE)])
        assert abs((found - 57 + 6) % 12 - 6) < 0.3


@pytest.mark.parametrize("kit", sorted(KITS))
def test_kits_have_every_lane_used(kit):
    for lane in ("kick", "snare", "hat", "open", "clap", "crash", "ride", "tom1", "taiko", "shaker", "conga1"):
        sound = drum(kit, lane)
        assert np.isfinite(sound).all()
        assert 0.05 < np.abs(sound).max() < 2.0
        assert abs(sound[-1]) < 1e-3


def test_block_filter_equals_whole_filter():
    tone = Tone(low_cut=200, low_pass=6000, presence=3)
    sound = np.stack([noise(200_000, 1), noise(200_000, 2)])
    whole = shaped(sound.copy(), tone)
    assert np.abs(shaped_long(sound, tone) - whole)[:, 4096:-4096].max() < 2e-3


def test_limiter_keeps_the_ceiling():
    sound = np.stack([noise(100_000, 3), noise(100_000, 4)])
    dynamics.apply(sound, dynamics.limiting(dynamics.peaks(sound), 0.7))
    assert np.abs(sound).max() <= 0.7001


def test_noise_is_white_and_repeats():
    assert (noise(1000, 5) == noise(1000, 5)).all()
    assert abs(float(noise(100_000, 5).std()) - 1.0) < 0.01
    assert abs(float(np.corrcoef(noise(10_000, 5), noise(10_000, 6))[0, 1])) < 0.05
