"""Units as types, so that seconds are never added to frames by accident."""

from typing import Final, NewType

Frames = NewType("Frames", int)
"""A count of sample frames at the rate of the file or the transport it belongs to."""

Seconds = NewType("Seconds", float)
"""A duration or position in seconds."""

Decibels = NewType("Decibels", float)
"""A level relative to unity gain or full scale, in dB."""

Credits = NewType("Credits", int)
"""An amount of the service's credits."""

RATE: Final = 48_000
"""Frames per second of all that is mixed, played and exported as mixed."""
