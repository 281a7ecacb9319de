"""PulseAudio and PipeWire: a deep queue in the server whose end can be rewritten.

The stream asks for early requests, so that the queue lies in the server's stream and only a few milliseconds in the
sink. A change of the mix replaces what lies behind the read index (``rewind``): safe against drop-outs like 200 ms,
quick like 20. libpulse's own loop is turned by the caller: no thread, no Python callback.
"""

from __future__ import annotations

import ctypes as c
import time
from collections.abc import Callable
from typing import Any

from musicapi_desktop.domain.errors import SoundError
from musicapi_desktop.dsp.types import Samples

from . import libpulse as pa
from .protocol import Device, DeviceLost

_FRAME = 8
_CONNECT_SECONDS = 2.0
_STALLED_SECONDS = 1.0
_ANSWER_SECONDS = 0.05
_REQUEST = 0.008
"""Seconds of sound per request of the server, which is also what lies in the sink beyond recall."""
_MARGIN = 0.008
"""Seconds of the queue left alone by a rewind: the way of the new sound to the server."""
_PREBUFFER = 0.03


class PulseServer:
    """A connection to the server. Raises SoundError where there is none. One thread's own."""

    def __init__(self) -> None:
        self._loop: Any = None
        self._context: Any = None
        try:
            self._lib: Any = pa.load()
        except OSError as error:
            raise SoundError("There is no PulseAudio or PipeWire here.", detail=str(error)) from error
        try:
            self._connect()
        except SoundError:
            self.close()
            raise

    def sinks(self) -> tuple[Device, ...]:
        """Ask the server for its sinks."""
        found: list[Device] = []

        def told(_context: Any, info: Any, end: int, _data: Any) -> None:  # noqa: ANN401  # pointers of ctypes
            if not end:
                name, words = info.contents.name or b"", info.contents.description or b""
                found.append(Device(name.decode(errors="replace"), words.decode(errors="replace")))

        answer = pa.SINK_TOLD(told)  # kept until the answer has come
        self._settle(self._lib.pa_context_get_sink_info_list(self._context, answer, None), _CONNECT_SECONDS)
        return tuple(found)

    def close(self) -> None:
        """Disconnect. Safe to call twice."""
        lib = self._lib if self._loop else None
        if lib is None:
            return
        if self._context:
            lib.pa_context_disconnect(self._context)
            lib.pa_context_unref(self._context)
        lib.pa_mainloop_free(self._loop)
        self._loop = self._context = None

    def _connect(self) -> None:
        lib = self._lib
        self._loop = lib.pa_mainloop_new()
        self._context = lib.pa_context_new(lib.pa_mainloop_get_api(self._loop), b"MusicAPI Desktop")
        if lib.pa_context_connect(self._context, None, pa.CONTEXT_NOAUTOSPAWN, None) < 0:
            raise SoundError("The sound server does not answer.", detail=self._reason())
        self._until(lambda: lib.pa_context_get_state(self._context) == pa.CONTEXT_READY)

    def _until(self, reached: Callable[[], bool]) -> None:
        deadline = time.monotonic() + _CONNECT_SECONDS
        while not reached():
            if time.monotonic() > deadline:
                raise SoundError("The sound server does not answer.", detail="no answer in time")
            self._turn(_CONNECT_SECONDS)

    def _settle(self, operation: int | None, patience: float = _ANSWER_SECONDS) -> None:
        """Wait for the server's answer; without one in time things stay as they are."""
        if not operation:
            raise DeviceLost(self._reason())
        deadline = time.monotonic() + patience
        while self._lib.pa_operation_get_state(operation) == pa.OPERATION_RUNNING and time.monotonic() < deadline:
            self._turn(patience)
        self._lib.pa_operation_unref(operation)

    def _turn(self, seconds: float) -> None:
        """Let libpulse do what is due, waiting at most ``seconds`` for something to be."""
        lib = self._lib
        ok = lib.pa_mainloop_prepare(self._loop, int(seconds * 1e6)) >= 0
        ok = ok and lib.pa_mainloop_poll(self._loop) >= 0 and lib.pa_mainloop_dispatch(self._loop) >= 0
        broken = lib.pa_context_get_state(self._context) in (pa.CONTEXT_FAILED, pa.CONTEXT_TERMINATED)
        if broken or not ok or self._is_broken():
            raise DeviceLost(self._reason())

    def _is_broken(self) -> bool:
        """Tell whether what hangs on the connection is lost."""
        return False

    def _reason(self) -> str:
        if not self._context:
            return "not connected"
        text = self._lib.pa_strerror(self._lib.pa_context_errno(self._context))
        return text.decode(errors="replace") if text else "unknown"


class PulseOutput(PulseServer):
    """A stream to the named sink, or to the one that the system prefers, as it changes. Raises SoundError.

    Of the two kinds only the second is moved by the server: a chosen device that goes is lost.
    """

    name = "pulse"
    silent = False

    def __init__(self, rate: int, latency: float, device: str = "") -> None:
        self._rate = rate
        self._back = 0
        self._corked = False
        self._dry, self._underruns = -1, 0
        self._stream: Any = None
        super().__init__()
        try:
            self._play(latency, device)
        except SoundError:
            self.close()
            raise

    def write(self, block: Samples) -> None:
        """Wait until the server wants the block, then hand it over."""
        if self._corked:
            self._corked = False
            self._settle(self._lib.pa_stream_cork(self._stream, 0, None, None))
        size = len(block) * _FRAME
        deadline = time.monotonic() + _STALLED_SECONDS
        while self._writable() + self._back < size:
            if time.monotonic() > deadline:
                raise DeviceLost("the server took no sound for a second")
            self._turn(_STALLED_SECONDS)
        back, self._back = self._back, 0
        if self._lib.pa_stream_write(self._stream, block.ctypes.data, size, None, -back, pa.SEEK_RELATIVE) < 0:
            raise DeviceLost(self._reason())
        self._turn(0.0)

    @property
    def device(self) -> str:
        """The sink's name."""
        name = self._lib.pa_stream_get_device_name(self._stream) if self._stream else None
        return name.decode(errors="replace") if name else ""

    @property
    def underruns(self) -> int:
        """Counted by where the server says that the last one was."""
        last = self._lib.pa_stream_get_underflow_index(self._stream) if self._stream else -1
        if last != self._dry:
            self._dry = last
            self._underruns += 1
        return self._underruns

    def latency(self) -> float:
        """As the server reckons it; 0 before it has said anything."""
        value, negative = c.c_uint64(), c.c_int()
        if self._lib.pa_stream_get_latency(self._stream, c.byref(value), c.byref(negative)) < 0:
            return 0.0
        return max(0.0, -value.value / 1e6 if negative.value else value.value / 1e6) - self._back / _FRAME / self._rate

    def rewindable(self) -> int:
        """Ask the server where it reads."""
        self._settle(self._lib.pa_stream_update_timing_info(self._stream, None, None))
        info = self._lib.pa_stream_get_timing_info(self._stream)
        if not info or info.contents.write_index_corrupt or info.contents.read_index_corrupt:
            return 0
        queued = (info.contents.write_index - info.contents.read_index) // _FRAME
        return max(0, queued - int(_MARGIN * self._rate))

    def rewind(self, frames: int) -> None:
        """The next write says how far back it goes."""
        self._back += frames * _FRAME

    def flush(self) -> None:
        """Drop the queue in the server."""
        self._back = 0
        self._settle(self._lib.pa_stream_flush(self._stream, None, None))

    def rest(self) -> None:
        """Cork the stream, so that the server may suspend the device."""
        if not self._corked:
            self._settle(self._lib.pa_stream_cork(self._stream, 1, None, None))
            self._corked = True

    def close(self) -> None:
        """End the stream and disconnect."""
        if self._loop and self._stream:
            self._lib.pa_stream_disconnect(self._stream)
            self._lib.pa_stream_unref(self._stream)
        self._stream = None
        super().close()

    def _play(self, latency: float, device: str) -> None:
        lib, rate = self._lib, self._rate
        spec = pa.SampleSpec(pa.FLOAT32LE, rate, 2)
        self._stream = lib.pa_stream_new(self._context, b"Music", c.byref(spec), None)
        wanted = pa.BufferAttr(
            pa.SERVER_CHOOSES,
            int(latency * rate) * _FRAME,
            int(_PREBUFFER * rate) * _FRAME,
            int(_REQUEST * rate) * _FRAME,
            pa.SERVER_CHOOSES,
        )
        flags = pa.INTERPOLATE_TIMING | pa.AUTO_TIMING_UPDATE | pa.EARLY_REQUESTS
        flags |= pa.DONT_MOVE if device else 0
        name = device.encode() or None
        if lib.pa_stream_connect_playback(self._stream, name, c.byref(wanted), flags, None, None) < 0:
            raise SoundError("The sound server has no output.", detail=self._reason())
        self._until(lambda: lib.pa_stream_get_state(self._stream) == pa.STREAM_READY)

    def _writable(self) -> int:
        size = self._lib.pa_stream_writable_size(self._stream)
        if size == pa.NO_SIZE:
            raise DeviceLost(self._reason())
        return int(size)

    def _is_broken(self) -> bool:
        state = self._lib.pa_stream_get_state(self._stream) if self._stream else pa.STREAM_READY
        return state in (pa.STREAM_FAILED, pa.STREAM_TERMINATED)


def pulse_devices() -> tuple[Device, ...]:
    """Return the server's sinks. Raises SoundError where there is no server."""
    server = PulseServer()
    try:
        return server.sinks()
    finally:
        server.close()
