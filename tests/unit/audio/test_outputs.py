import time

import numpy as np
import pytest

from musicapi_desktop.audio import outputs
from musicapi_desktop.audio.outputs import Latency, NullOutput
from musicapi_desktop.domain.errors import SoundError

RATE = 48_000
BLOCK = np.zeros((512, 2), np.float32)


def test_the_null_clock_runs_at_the_rate_of_time():
    output = NullOutput(RATE, 0.05)
    start = time.monotonic()
    for _ in range(60):
        output.write(BLOCK)
    took = time.monotonic() - start
    assert took == pytest.approx(60 * 512 / RATE - 0.05, abs=0.08)
    assert output.latency() <= 0.06


def test_the_null_clock_does_not_catch_up_after_a_pause():
    now = [100.0]
    output = NullOutput(RATE, 1.0, lambda: now[0])
    output.write(BLOCK)
    now[0] += 60
    output.write(BLOCK)
    assert output.latency() == pytest.approx(512 / RATE)


def test_the_null_queue_can_be_taken_back():
    now = [5.0]
    output = NullOutput(RATE, 1.0, lambda: now[0])
    for _ in range(10):
        output.write(BLOCK)
    assert output.rewindable() == pytest.approx(10 * 512, abs=1)
    output.rewind(4 * 512)
    assert output.latency() == pytest.approx(6 * 512 / RATE)
    output.flush()
    assert output.latency() == 0


def test_without_any_device_every_reason_is_told(monkeypatch, tmp_path):
    monkeypatch.setenv("PULSE_SERVER", f"unix:{tmp_path}/nowhere")
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path))

    class Broken:
        def __init__(self, *given):
            raise SoundError("There is no sound device.", detail="none at all")

    monkeypatch.setattr("musicapi_desktop.audio.outputs.portaudio.PortAudioOutput", Broken)
    with pytest.raises(SoundError, match="playing silently") as caught:
        outputs.open_device(RATE, Latency.NORMAL)
    assert "none at all" in caught.value.detail
