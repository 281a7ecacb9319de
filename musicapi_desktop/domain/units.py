"""Units as types, so that seconds are never added to frames by accident."""

from typing import NewType

Frames = NewType("Frames", int)
"""A count of sample frames at the rate of the file or the transport it belongs to."""

Seconds = NewType("Seconds", float)
"""A duration or position in seconds."""

Decibels = NewType("Decibels", float)
"""A level relative to unity gain or full scale, in dB."""

Credits = NewType("Credits", int)
"""An amount of the service's credits."""
