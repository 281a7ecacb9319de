"""AAC and ALAC in MP4, and bare AAC streams, by the FFmpeg libraries that come with Qt (LGPL, no GPL part).

Only for processes that work on files: with the libraries come stand-ins of Qt's for the functions of others (of
OpenSSL, for one), which must not meet the real ones. The libraries are called by their public functions; the few fields
read from their structures lie where FFmpeg 7 has them, which the versions are asked for first: within a major version
nothing moves. The demultiplexer is named, so that no file can choose another, and the delay of the encoder is taken off
as the file's edit list says.
"""

from __future__ import annotations

import ctypes as c
import errno
import os
import sys
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from .types import Samples

_MAJORS = {"avutil": 59, "swresample": 5, "avcodec": 61, "avformat": 61}
"""The libraries, in the order in which they are loaded, and their versions in FFmpeg 7."""

_DLL_FOLDER = 0x1100
"""LOAD_LIBRARY_SEARCH_DLL_LOAD_DIR and the usual places."""
_AUDIO, _QUIET = 1, -8
_AGAIN, _OVER = -errno.EAGAIN, -0x20464F45
_STREAMS, _STREAM_PARAMETERS, _PACKET_STREAM, _FRAME_COUNT, _FRAME_FORMAT = 48, 16, 36, 112, 116
"""Where fields lie, in bytes."""

_FORMATS: dict[int, tuple[Any, float, bool]] = {
    1: (np.int16, 1 / 32768, False),
    2: (np.int32, 1 / 2147483648, False),
    3: (np.float32, 1.0, False),
    6: (np.int16, 1 / 32768, True),
    7: (np.int32, 1 / 2147483648, True),
    8: (np.float32, 1.0, True),
}
"""Type, scale, and whether channels lie apart, by AVSampleFormat."""


class _Layout(c.Structure):
    """AVChannelLayout."""

    _fields_ = (("order", c.c_int), ("channels", c.c_int), ("mask", c.c_uint64), ("opaque", c.c_void_p))


_P, _I, _S = c.c_void_p, c.c_int, c.c_char_p
_PP = c.POINTER(c.c_void_p)
_FUNCTIONS: dict[str, dict[str, tuple[Any, list[Any]]]] = {
    "avutil": {
        "avutil_version": (c.c_uint, []),
        "av_log_set_level": (None, [_I]),
        "av_frame_alloc": (_P, []),
        "av_frame_free": (None, [_PP]),
        "av_opt_get_int": (_I, [_P, _S, _I, c.POINTER(c.c_int64)]),
        "av_opt_get_chlayout": (_I, [_P, _S, _I, c.POINTER(_Layout)]),
    },
    "avcodec": {
        "avcodec_version": (c.c_uint, []),
        "av_packet_alloc": (_P, []),
        "av_packet_free": (None, [_PP]),
        "av_packet_unref": (None, [_P]),
        "avcodec_alloc_context3": (_P, [_P]),
        "avcodec_free_context": (None, [_PP]),
        "avcodec_parameters_to_context": (_I, [_P, _P]),
        "avcodec_open2": (_I, [_P, _P, _P]),
        "avcodec_send_packet": (_I, [_P, _P]),
        "avcodec_receive_frame": (_I, [_P, _P]),
    },
    "avformat": {
        "avformat_version": (c.c_uint, []),
        "av_find_input_format": (_P, [_S]),
        "avformat_open_input": (_I, [_PP, _S, _P, _P]),
        "avformat_close_input": (None, [_PP]),
        "avformat_find_stream_info": (_I, [_P, _P]),
        "av_find_best_stream": (_I, [_P, _I, _I, _I, _PP, _I]),
        "av_read_frame": (_I, [_P, _P]),
    },
    "swresample": {},
}


class Libraries(NamedTuple):
    """The loaded libraries, their functions typed."""

    util: Any
    codec: Any
    format: Any


class AacError(RuntimeError):
    """A file cannot be decoded, or not any further."""


@cache
def libraries() -> Libraries | None:
    """Load FFmpeg as it comes with Qt; None where it is not there, or another version."""
    loaded: dict[str, Any] = {}
    for name, major in _MAJORS.items():
        path = _place(name, major)
        if path is None:
            return None
        try:
            loaded[name] = _typed(_loaded(path), name)
        except (OSError, AttributeError):
            return None
    util, codec, form = loaded["avutil"], loaded["avcodec"], loaded["avformat"]
    found = (util.avutil_version() >> 16, codec.avcodec_version() >> 16, form.avformat_version() >> 16)
    if found != (_MAJORS["avutil"], _MAJORS["avcodec"], _MAJORS["avformat"]):
        return None
    util.av_log_set_level(_QUIET)
    return Libraries(util, codec, form)


class AacFile:
    """An open file, read from front to back; what dsp.files.Reader needs of one. Raises AacError."""

    format = "m4a"
    subtype = "AAC"
    frames = 0
    """The length is known once all was read."""

    def __init__(self, path: Path) -> None:
        found = libraries()
        if found is None:
            raise AacError("no decoder")
        self._lib = found
        self._input, self._codec = c.c_void_p(), c.c_void_p()
        self._packet, self._frame = c.c_void_p(), c.c_void_p()
        self._rest: Samples = np.empty((0, 1), np.float32)
        self._over = False
        try:
            self._stream = self._opened(path)
            self._packet = c.c_void_p(found.codec.av_packet_alloc())
            self._frame = c.c_void_p(found.util.av_frame_alloc())
            self.samplerate, self.channels = self._shape()
        except AacError:
            self.close()
            raise

    def read(self, out: Samples) -> Samples:
        """Fill ``out (n, channels)``; return the part that was filled, shorter at the end alone."""
        done = 0
        while done < len(out):
            if not len(self._rest) and not self._more():
                break
            part = self._rest[: len(out) - done]
            out[done : done + len(part)] = part
            self._rest = self._rest[len(part) :]
            done += len(part)
        return out[:done]

    def close(self) -> None:
        """Close the file. Safe to call twice."""
        lib = self._lib
        lib.util.av_frame_free(c.byref(self._frame))
        lib.codec.av_packet_free(c.byref(self._packet))
        lib.codec.avcodec_free_context(c.byref(self._codec))
        lib.format.avformat_close_input(c.byref(self._input))

    def _opened(self, path: Path) -> int:
        lib = self._lib
        with path.open("rb") as file:
            kind = b"mov" if file.read(8)[4:] == b"ftyp" else b"aac"
        url = b"file:" + str(path).encode("utf-8", "surrogateescape")
        _check(lib.format.avformat_open_input(c.byref(self._input), url, lib.format.av_find_input_format(kind), None))
        _check(lib.format.avformat_find_stream_info(self._input, None))
        decoder = c.c_void_p()
        index = _check(lib.format.av_find_best_stream(self._input, _AUDIO, -1, -1, c.byref(decoder), 0))
        self._codec = c.c_void_p(lib.codec.avcodec_alloc_context3(decoder))
        stream = _pointer(_pointer(_address(self._input) + _STREAMS) + index * c.sizeof(c.c_void_p))
        _check(lib.codec.avcodec_parameters_to_context(self._codec, _pointer(stream + _STREAM_PARAMETERS)))
        _check(lib.codec.avcodec_open2(self._codec, decoder, None))
        return index

    def _shape(self) -> tuple[int, int]:
        rate, layout = c.c_int64(), _Layout()
        _check(self._lib.util.av_opt_get_int(self._codec, b"ar", 0, c.byref(rate)))
        _check(self._lib.util.av_opt_get_chlayout(self._codec, b"ch_layout", 0, c.byref(layout)))
        if not 0 < layout.channels <= 8:
            raise AacError(f"{layout.channels} channels")
        return int(rate.value), int(layout.channels)

    def _more(self) -> bool:
        """Decode the next frame; False at the end. Raises AacError where the file is damaged."""
        codec = self._lib.codec
        while True:
            answer = codec.avcodec_receive_frame(self._codec, self._frame)
            if answer == 0:
                self._rest = self._taken()
                return True
            if answer != _AGAIN or self._over:
                if answer not in (_OVER, _AGAIN):
                    _check(answer)
                return False
            self._feed()

    def _feed(self) -> None:
        codec = self._lib.codec
        answer = self._lib.format.av_read_frame(self._input, self._packet)
        if answer < 0:
            self._over = True
            codec.avcodec_send_packet(self._codec, None)
            if answer != _OVER:
                _check(answer)
            return
        try:
            if _number(_address(self._packet) + _PACKET_STREAM) == self._stream:
                _check(codec.avcodec_send_packet(self._codec, self._packet))
        finally:
            codec.av_packet_unref(self._packet)

    def _taken(self) -> Samples:
        frame = _address(self._frame)
        count, form = _number(frame + _FRAME_COUNT), _FORMATS.get(_number(frame + _FRAME_FORMAT))
        if form is None or count < 0:
            raise AacError("an unusual sample format")
        kind, scale, apart = form
        size = np.dtype(kind).itemsize
        if apart:
            planes = [c.string_at(_pointer(frame + 8 * n), count * size) for n in range(self.channels)]
            samples = np.stack([np.frombuffer(plane, kind) for plane in planes], axis=1)
        else:
            samples = np.frombuffer(c.string_at(_pointer(frame), count * size * self.channels), kind)
        return samples.reshape(count, self.channels).astype(np.float32) * np.float32(scale)


def _place(name: str, major: int) -> Path | None:
    """Where Qt keeps a library."""
    spec = find_spec("PySide6")
    folder = Path(next(iter(spec.submodule_search_locations))) if spec and spec.submodule_search_locations else None
    if folder is None:
        return None
    names = {"win32": f"{name}-{major}.dll", "darwin": f"Qt/lib/lib{name}.{major}.dylib"}
    path = folder / names.get(sys.platform, f"Qt/lib/lib{name}.so.{major}")
    return path if path.is_file() else None


def _loaded(path: Path) -> Any:  # noqa: ANN401  # ctypes has no better type
    """Load a library with the functions it never calls left unresolved, as Qt does: encryption is a stub of Qt's."""
    if sys.platform == "win32":
        return c.CDLL(str(path), winmode=_DLL_FOLDER)
    opener = c.CDLL(None).dlopen
    opener.restype, opener.argtypes = c.c_void_p, [c.c_char_p, c.c_int]
    handle = opener(str(path).encode(), os.RTLD_LAZY | os.RTLD_GLOBAL)
    if not handle:
        raise OSError(f"{path.name} cannot be loaded")
    return c.CDLL(path.name, handle=handle)


def _typed(library: Any, name: str) -> Any:  # noqa: ANN401  # ctypes has no better type
    for function, (result, arguments) in _FUNCTIONS[name].items():
        getattr(library, function).restype = result
        getattr(library, function).argtypes = arguments
    return library


def _check(answer: int) -> int:
    if answer < 0:
        raise AacError(f"the decoder answered {answer}")
    return answer


def _address(pointer: c.c_void_p) -> int:
    if not pointer.value:
        raise AacError("no memory")
    return pointer.value


def _pointer(address: int) -> int:
    return c.c_void_p.from_address(address).value or 0


def _number(address: int) -> int:
    return c.c_int.from_address(address).value
