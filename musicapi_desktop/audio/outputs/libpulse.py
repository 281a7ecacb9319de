"""The few functions of libpulse that playing needs, by ctypes. PulseAudio and PipeWire both provide the library."""

from __future__ import annotations

import ctypes as c
from typing import Any

FLOAT32LE = 5
SEEK_RELATIVE = 0
CONTEXT_READY, CONTEXT_FAILED, CONTEXT_TERMINATED = 4, 5, 6
CONTEXT_NOAUTOSPAWN = 1
STREAM_READY, STREAM_FAILED, STREAM_TERMINATED = 2, 3, 4
OPERATION_RUNNING = 0
DONT_MOVE = 0x0200
INTERPOLATE_TIMING, AUTO_TIMING_UPDATE, EARLY_REQUESTS = 0x0002, 0x0008, 0x4000
SERVER_CHOOSES = 0xFFFFFFFF
NO_SIZE = c.c_size_t(-1).value


class SampleSpec(c.Structure):
    """pa_sample_spec."""

    _fields_ = (("format", c.c_int), ("rate", c.c_uint32), ("channels", c.c_uint8))


class BufferAttr(c.Structure):
    """pa_buffer_attr, in bytes."""

    _fields_ = (
        ("maxlength", c.c_uint32),
        ("tlength", c.c_uint32),
        ("prebuf", c.c_uint32),
        ("minreq", c.c_uint32),
        ("fragsize", c.c_uint32),
    )


class TimingInfo(c.Structure):
    """pa_timing_info: indices in bytes, durations in microseconds."""

    _fields_ = (
        ("seconds", c.c_long),
        ("microseconds", c.c_long),
        ("synchronized_clocks", c.c_int),
        ("sink_usec", c.c_uint64),
        ("source_usec", c.c_uint64),
        ("transport_usec", c.c_uint64),
        ("playing", c.c_int),
        ("write_index_corrupt", c.c_int),
        ("write_index", c.c_int64),
        ("read_index_corrupt", c.c_int),
        ("read_index", c.c_int64),
        ("configured_sink_usec", c.c_uint64),
        ("configured_source_usec", c.c_uint64),
        ("since_underrun", c.c_int64),
    )


class SinkInfo(c.Structure):
    """The beginning of pa_sink_info."""

    _fields_ = (("name", c.c_char_p), ("index", c.c_uint32), ("description", c.c_char_p))


SINK_TOLD = c.CFUNCTYPE(None, c.c_void_p, c.POINTER(SinkInfo), c.c_int, c.c_void_p)
"""pa_sink_info_cb_t."""

_P, _I, _S = c.c_void_p, c.c_int, c.c_char_p
_FUNCTIONS: dict[str, tuple[Any, list[Any]]] = {
    "pa_mainloop_new": (_P, []),
    "pa_mainloop_free": (None, [_P]),
    "pa_mainloop_get_api": (_P, [_P]),
    "pa_mainloop_prepare": (_I, [_P, _I]),
    "pa_mainloop_poll": (_I, [_P]),
    "pa_mainloop_dispatch": (_I, [_P]),
    "pa_context_new": (_P, [_P, _S]),
    "pa_context_connect": (_I, [_P, _S, _I, _P]),
    "pa_context_get_state": (_I, [_P]),
    "pa_context_errno": (_I, [_P]),
    "pa_context_disconnect": (None, [_P]),
    "pa_context_unref": (None, [_P]),
    "pa_stream_new": (_P, [_P, _S, _P, _P]),
    "pa_stream_connect_playback": (_I, [_P, _S, _P, _I, _P, _P]),
    "pa_stream_get_state": (_I, [_P]),
    "pa_stream_disconnect": (_I, [_P]),
    "pa_stream_unref": (None, [_P]),
    "pa_stream_writable_size": (c.c_size_t, [_P]),
    "pa_stream_write": (_I, [_P, _P, c.c_size_t, _P, c.c_int64, _I]),
    "pa_stream_get_latency": (_I, [_P, c.POINTER(c.c_uint64), c.POINTER(c.c_int)]),
    "pa_stream_update_timing_info": (_P, [_P, _P, _P]),
    "pa_stream_get_timing_info": (c.POINTER(TimingInfo), [_P]),
    "pa_stream_get_underflow_index": (c.c_int64, [_P]),
    "pa_stream_get_device_name": (_S, [_P]),
    "pa_context_get_sink_info_list": (_P, [_P, SINK_TOLD, _P]),
    "pa_stream_cork": (_P, [_P, _I, _P, _P]),
    "pa_stream_flush": (_P, [_P, _P, _P]),
    "pa_operation_get_state": (_I, [_P]),
    "pa_operation_unref": (None, [_P]),
    "pa_strerror": (_S, [_I]),
}


def load() -> c.CDLL:
    """Return the library with typed functions. Raises OSError where it is not installed."""
    library = c.CDLL("libpulse.so.0")
    for name, (result, arguments) in _FUNCTIONS.items():
        function = getattr(library, name)
        function.restype = result
        function.argtypes = arguments
    return library
