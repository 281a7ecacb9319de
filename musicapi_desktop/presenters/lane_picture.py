"""The waveform of a lane as pixels: the arithmetic is loaded with the first one, never before the window is painted."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Ink:
    """How a waveform is drawn: height (linear) and colours as premultiplied ARGB words; ``outline`` is only the rim."""

    gain: float
    line: int
    inside: int = 0
    outline: bool = False


class LanePicture:
    """Pixels of one lane, ``width`` × ``height`` device pixels, ARGB words with their alpha multiplied in.

    It is drawn again in place: fresh memory for every picture costs more time than drawing it.
    """

    def __init__(self, width: int, height: int) -> None:
        self.width, self.height = max(1, width), max(1, height)
        self.data = bytearray(4 * self.width * self.height)

    def draw(self, peaks: bytes, part: tuple[float, float], ink: Ink, dpr: float = 1.0) -> None:
        """Draw ``part`` (0–1 of the take) of int8 pairs of peaks; ``dpr`` device pixels are one logical one."""
        from musicapi_desktop.dsp.lane_image import Brush, Canvas, draw_lane

        canvas = Canvas(self.width, self.height, 3.0 * dpr, 2.0 * dpr)
        draw_lane(self.data, peaks, part, canvas, Brush(ink.gain, ink.line, ink.inside, ink.outline))
