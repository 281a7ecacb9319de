"""The electronic instruments as data: oscillators, brightness, envelopes."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Patch:
    """A synthetic instrument.

    ``wave`` saw, square, pulse, triangle, sine or organ; ``voices`` detuned by ``detune`` cents and ``spread`` over
    the stereo field. Brightness moves from ``bright`` (Hz at the attack) to ``dark`` with time constant ``close``
    seconds (a negative one opens instead). ``attack``, ``decay`` (time constants), ``sustain``, ``release`` shape the
    level; ``sub`` adds a sine (an octave below where ``sub_octave`` is -1); ``vibrato`` in cents, delayed; ``glide``
    bends the attack from so many semitones; ``bite`` is saturation.
    """

    wave: str = "saw"
    voices: int = 1
    detune: float = 0.0
    spread: float = 0.0
    bright: float = 4000.0
    dark: float = 1000.0
    close: float = 0.2
    attack: float = 0.004
    decay: float = 0.4
    sustain: float = 0.7
    release: float = 0.15
    sub: float = 0.0
    sub_octave: int = 0
    vibrato: float = 0.0
    glide: float = 0.0
    bite: float = 0.0
    breath: float = 0.0


PATCHES: dict[str, Patch] = {
    "warm": Patch("saw", 4, 9, 0.9, 1500, 700, -1.5, 0.5, 1.0, 0.9, 1.2),
    "pad": Patch("saw", 5, 12, 1.0, 3200, 900, -1.8, 0.35, 1.0, 0.9, 1.4),
    "glass": Patch("triangle", 3, 7, 1.0, 6000, 2500, -1.2, 0.7, 1.0, 0.9, 1.8, breath=0.02),
    "air": Patch("sine", 3, 6, 1.0, 9000, 5000, -2.0, 0.9, 1.0, 0.9, 2.0, breath=0.12),
    "strings": Patch("saw", 6, 14, 1.0, 4200, 1800, -0.5, 0.16, 1.0, 0.9, 0.6),
    "supersaw": Patch("saw", 7, 22, 1.0, 12000, 5200, 0.25, 0.004, 0.4, 0.7, 0.2),
    "stab": Patch("saw", 5, 16, 0.8, 7000, 900, 0.1, 0.004, 0.16, 0.15, 0.12),
    "pluck": Patch("saw", 2, 7, 0.5, 7500, 700, 0.09, 0.002, 0.2, 0.08, 0.25),
    "bell": Patch("sine", 2, 4, 0.6, 9000, 3000, 0.3, 0.002, 0.7, 0.05, 0.8, glide=0.0),
    "arp": Patch("pulse", 2, 6, 0.5, 5200, 900, 0.1, 0.002, 0.18, 0.2, 0.15),
    "lead": Patch("saw", 2, 8, 0.25, 6000, 2600, 0.35, 0.01, 0.5, 0.8, 0.2, vibrato=18),
    "soft lead": Patch("triangle", 2, 5, 0.3, 4200, 2200, 0.5, 0.03, 0.6, 0.85, 0.25, vibrato=16, breath=0.01),
    "square lead": Patch("square", 2, 6, 0.3, 5200, 2200, 0.4, 0.006, 0.5, 0.75, 0.15, vibrato=15),
    "brass": Patch("saw", 4, 10, 0.5, 4600, 1500, -0.12, 0.04, 0.5, 0.85, 0.2),
    "organ": Patch("organ", 2, 3, 0.4, 9000, 9000, 1.0, 0.006, 1.0, 1.0, 0.06, vibrato=6),
    "bass": Patch("saw", 2, 5, 0.0, 1900, 320, 0.14, 0.003, 0.4, 0.75, 0.09, sub=0.7, bite=0.4),
    "pluck bass": Patch("saw", 1, 0, 0.0, 1500, 260, 0.07, 0.002, 0.22, 0.35, 0.08, sub=0.8, bite=0.3),
    "reese": Patch("saw", 3, 18, 0.25, 1100, 600, 0.8, 0.006, 0.6, 0.9, 0.1, sub=0.8, bite=0.6),
    "acid": Patch("square", 1, 0, 0.0, 3800, 420, 0.11, 0.002, 0.25, 0.5, 0.06, sub=0.3, bite=0.6),
    "sub": Patch("sine", 1, 0, 0.0, 900, 900, 1.0, 0.006, 0.8, 0.9, 0.12, sub=0.6, bite=0.35),
    "808": Patch("sine", 1, 0, 0.0, 1200, 600, 0.3, 0.002, 1.4, 0.0, 0.12, sub=0.3, bite=0.85, glide=9.0),
    "chip lead": Patch("square", 1, 0, 0.0, 16000, 16000, 1.0, 0.001, 0.6, 0.7, 0.02, vibrato=14),
    "chip pulse": Patch("pulse", 1, 0, 0.0, 16000, 16000, 1.0, 0.001, 0.3, 0.5, 0.02),
    "chip bass": Patch("triangle", 1, 0, 0.0, 16000, 16000, 1.0, 0.001, 1.0, 1.0, 0.01),
}
