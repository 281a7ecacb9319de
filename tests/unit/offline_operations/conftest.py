"""Short songs made once for all tests of a process."""

from __future__ import annotations

import pytest
import soundfile
from fakes.short_songs import LYRICS, Studio

from musicapi_desktop.offline.engine import Material


@pytest.fixture(scope="session")
def studio(tmp_path_factory):
    return Studio(tmp_path_factory.mktemp("studio"))


@pytest.fixture(scope="session")
def song(studio):
    return studio.make(tags="folk, 100 bpm, A minor", lyrics=LYRICS, duration=15.0)


@pytest.fixture(scope="session")
def beat(studio):
    return studio.make(tags="house, 120 bpm, D minor", instrumental=True, duration=12.0, seed=5)


@pytest.fixture(scope="session")
def upload(studio, tmp_path_factory):
    """A recording: an MP3 of a song whose notes are not handed over."""
    made = studio.make(tags="synthwave, 116 bpm, E minor", instrumental=True, duration=14.0, seed=8)
    folder = tmp_path_factory.mktemp("upload")
    sound, rate = soundfile.read(made.mix)
    soundfile.write(folder / "upload.mp3", sound, rate)
    return Material(folder, folder / "upload.mp3", (), None, made.seconds)
