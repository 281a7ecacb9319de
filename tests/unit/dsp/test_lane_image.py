"""A waveform as a picture of indices."""

from __future__ import annotations

import numpy as np
import pytest

from musicapi_desktop.dsp.lane_image import Brush, Canvas, draw_lane

LINE, INSIDE = 0xFF102030, 0x10101010


def _peaks(*pairs: tuple[int, int]) -> bytes:
    return np.array(pairs, np.int8).tobytes()


Whole = (0.0, 1.0)


def _draw(
    peaks: bytes, canvas: Canvas, gain: float = 1.0, part: tuple[float, float] = Whole, outline: bool = False
) -> np.ndarray:
    memory = bytearray(b"\xaa" * (4 * canvas.width * canvas.height))
    draw_lane(memory, peaks, part, canvas, Brush(gain, LINE, INSIDE, outline))
    return np.frombuffer(memory, np.uint32).reshape(canvas.height, canvas.width)


def _heights(picture: np.ndarray) -> list[int]:
    return picture.astype(bool).sum(axis=0).tolist()


def test_bars_are_as_high_as_their_peaks_with_a_gap_between() -> None:
    picture = _draw(_peaks((-127, 127), (0, 0), (-64, 64)), Canvas(9, 42))
    assert _heights(picture) == [41, 41, 0, 1, 1, 0, 21, 21, 0]
    assert set(np.unique(picture)) == {0, LINE}


def test_gain_scales_and_what_is_too_high_is_cut_off() -> None:
    loud = _peaks(*[(-127, 127)] * 3)
    assert [max(_heights(_draw(loud, Canvas(9, 42), gain))) for gain in (0.5, 4.0, 0.0)] == [21, 42, 1]


def test_only_the_part_in_view_is_drawn() -> None:
    peaks = _peaks(*[(0, 0)] * 50, *[(-127, 127)] * 50)
    assert max(_heights(_draw(peaks, Canvas(60, 20), part=(0.0, 0.5)))) == 1
    assert min(height for height in _heights(_draw(peaks, Canvas(60, 20), part=(0.5, 1.0))) if height) == 19


def test_a_bar_is_the_widest_of_its_part() -> None:
    assert _heights(_draw(_peaks(*[(0, 0)] * 99, (0, 127)), Canvas(6, 22)))[3] == 11


def test_an_outline_is_hollow() -> None:
    column = _draw(_peaks(*[(-100, 100)] * 20), Canvas(60, 40), outline=True)[:, 30]
    filled = np.flatnonzero(column)
    assert column[filled[0]] == column[filled[-1]] == LINE
    assert set(column[filled[1:-1]]) == {INSIDE}


@pytest.mark.parametrize("height", [254, 255, 256, 700])
def test_tall_pictures_are_whole(height: int) -> None:
    assert max(_heights(_draw(_peaks((-127, 127)), Canvas(3, height)))) >= height - 3


@pytest.mark.parametrize(("width", "step"), [(10, 4.5), (7, 3.0), (1, 3.0)])
def test_any_step_and_width(width: int, step: float) -> None:
    assert _draw(_peaks((-9, 9), (-3, 3)), Canvas(width, 8, step, 2.0)).any()


def test_nothing_to_draw_clears_the_picture() -> None:
    assert not _draw(b"", Canvas(9, 9)).any()
    assert not _draw(_peaks((-1, 1)), Canvas(9, 9), part=(1.0, 1.0)).any()
