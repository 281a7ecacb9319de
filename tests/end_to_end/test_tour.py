"""The tour as a person starts it: a program of its own with no screen, judged by what it leaves behind."""

from __future__ import annotations

import os
import subprocess
import sys

import numpy as np
import pytest
import soundfile
from fakes.service import fake_service
from PySide6.QtCore import QLockFile
from PySide6.QtGui import QImage

PICTURES = (
    "first-start", "writing", "making", "playing", "looping", "take-menu", "mixer", "mixer-solo", "mixer-set",
    "queue", "settings", "library-light", "opened-again",
)  # fmt: skip
DIALOGS = {"settings", "export", "exported"}
LEAST_COLOURS = 40
LEAST_LOUD = 0.01


def tour(folder, *options, **variables):
    """Run the tour; return its exit code and what it printed."""
    environment = {
        **os.environ,
        "QT_QPA_PLATFORM": "offscreen",
        "HOME": str(folder),
        "XDG_RUNTIME_DIR": str(folder),
        "PULSE_SERVER": f"unix:{folder / 'no-sound'}",
        **variables,
    }
    environment.pop("MUSICAPI_KEY", None)
    environment.update(variables)
    done = subprocess.run(
        [sys.executable, "-m", "musicapi_desktop", "--tour", str(folder / "tour"), *options],
        env=environment, capture_output=True, text=True, check=False, timeout=400,
    )  # fmt: skip
    return done.returncode, done.stdout + done.stderr


def colours(picture):
    """How many different colours a picture has, looked at every seventh pixel."""
    image = picture.convertToFormat(QImage.Format.Format_RGB32)
    return len(set(memoryview(image.constBits()).cast("I")[::7]))


def loudness(path):
    """Seconds and root mean square of a sound file."""
    samples, rate = soundfile.read(path, dtype="float32")
    return len(samples) / rate, float(np.sqrt(np.mean(np.square(samples))))


@pytest.mark.timeout(420)
def test_the_tour_does_the_main_job_and_leaves_pictures_and_sound(tmp_path):
    code, said = tour(tmp_path)
    assert code == 0, said
    assert "Done in" in said
    folder = tmp_path / "tour"
    found = {path.stem[3:]: QImage(str(path)) for path in sorted(folder.glob("*.png"))}
    assert set(PICTURES) <= set(found), said
    for name, picture in found.items():
        assert colours(picture) >= LEAST_COLOURS, name
    assert {(p.width(), p.height()) for name, p in found.items() if name not in DIALOGS} == {(1440, 900)}
    for name in ("Neon Rain A.wav", "Neon Rain mix.wav"):
        seconds, loud = loudness(folder / name)
        assert seconds > 20.0, name
        assert loud > LEAST_LOUD, name
    (song,) = (folder / "data" / "Music").iterdir()
    assert {path.name for path in song.iterdir()} >= {"A.mp3", "B.mp3", "A.wav", "cover.svg", "song.json", "stems"}
    assert len(list((song / "stems").rglob("*.*"))) == 12
    assert loudness(song / "B.mp3")[1] > LEAST_LOUD


@pytest.mark.timeout(240)
def test_a_tour_that_comes_to_nothing_says_so_and_fails(tmp_path):
    with fake_service() as service:
        service.on("POST", "/api/v1/sonic/", lambda _handler, _body: (400, {"error": "tags: too many"}))
        code, said = tour(
            tmp_path, "--profile-url", service.base_url, MUSICAPI_KEY="sk_test_0123456789",
        )  # fmt: skip
    assert code == 1, said
    assert "FAILED: a job failed" in said
    assert next((tmp_path / "tour").glob("*-failed.png"), None) is not None


def test_a_tour_touches_no_library_that_is_in_use(tmp_path):
    (tmp_path / "data" / "data").mkdir(parents=True)
    lock = QLockFile(str(tmp_path / "data" / "data" / "app.lock"))
    assert lock.tryLock(0)
    try:
        code, said = tour(tmp_path, "--data", str(tmp_path / "data"))
    finally:
        lock.unlock()
    assert code == 1, said
    assert "another instance uses" in said
    assert not (tmp_path / "data" / "data" / "library.db").exists()
