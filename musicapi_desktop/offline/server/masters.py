"""The audio files of clips: masters kept whole, what is delivered made from them.

The only module here that knows soundfile and numpy; imported by workers, and by the server when a WAV is asked for.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import cast

import numpy as np
import numpy.typing as npt
import soundfile

from musicapi_desktop.dsp.resample import Resampler

RATE = 48_000
"""Masters are at this rate, in Hz."""

Block = npt.NDArray[np.float32]
"""(frames, 2) float32, full scale 1."""

_READ = 65_536  # reads shorter than 16 384 frames are several times slower, as each ends with a seek
_MP3_WRITE = 16_384
_FULL_SCALE = 32_768
_QUALITY = 0.0  # LAME's V0: about 200 kbit/s, and its Xing header makes every decoder line the stems up


def exists(master: Path) -> bool:
    """Tell whether a master (named without its extension) is there."""
    return found(master) is not None


def make_mp3(masters: Sequence[Path], target: Path, progress: Callable[[float], None]) -> float:
    """Write the sum of ``masters`` as MP3 and return its length in seconds.

    Not limited: MP3 keeps what exceeds full scale, so stems still add up. Raises OSError or soundfile's own errors.
    """
    part = target.with_name(f"{target.name}.part")
    with ExitStack() as open_files:
        sources = [open_files.enter_context(_open(master)) for master in masters]
        rate, frames = sources[0].samplerate, max(source.frames for source in sources)
        output = open_files.enter_context(
            soundfile.SoundFile(
                part, "w", rate, 2, format="MP3", subtype="MPEG_LAYER_III",
                compression_level=_QUALITY, bitrate_mode="VARIABLE",
            )
        )  # fmt: skip
        written = 0
        for block in _sums(sources):
            for start in range(0, len(block), _MP3_WRITE):
                output.write(block[start : start + _MP3_WRITE])
            written += len(block)
            progress(written / max(1, frames))
    part.replace(target)
    return written / rate


def make_wav(masters: Sequence[Path], target: Path) -> None:
    """Write the sum of ``masters`` as 16-bit WAV; one master alone comes out bit for bit. Raises as make_mp3."""
    _make_whole(masters, target, "WAV", "PCM_16")


def make_caf(masters: Sequence[Path], target: Path) -> None:
    """Write the sum of ``masters`` as Apple Lossless in a CAF file, bit for bit as make_wav. Raises as make_mp3."""
    _make_whole(masters, target, "CAF", "ALAC_16")


def _make_whole(masters: Sequence[Path], target: Path, form: str, subtype: str) -> None:
    part = target.with_name(f"{target.name}.part")
    with ExitStack() as open_files:
        sources = [open_files.enter_context(_open(master)) for master in masters]
        output = open_files.enter_context(
            soundfile.SoundFile(part, "w", sources[0].samplerate, 2, format=form, subtype=subtype)
        )
        for block in _sums(sources):
            output.write(_whole(block))
    part.replace(target)


def make_master(audio: Path, target: Path, progress: Callable[[float], None]) -> float:
    """Turn any audio file into a master (48 kHz, stereo, 16 bit) and return its length in seconds. Raises as make_mp3.

    One channel becomes two; of more than two the first two are kept.
    """
    part = target.with_name(f"{target.name}.part")
    with ExitStack() as open_files:
        source = open_files.enter_context(soundfile.SoundFile(audio))
        stream = Resampler(source.samplerate, RATE, 2)
        output = open_files.enter_context(soundfile.SoundFile(part, "w", RATE, 2, format="WAV", subtype="PCM_16"))
        while len(block := cast("Block", source.read(_READ, dtype="float32", always_2d=True))):
            pair = np.repeat(block, 2, axis=1) if source.channels == 1 else block[:, :2]
            output.write(_whole(stream.feed(pair)))
            progress(source.tell() / max(1, source.frames))
        output.write(_whole(stream.rest()))
        written = output.frames
    part.replace(target)
    return written / RATE


def readable(audio: Path, room: Path, most: float) -> Path:
    """Return ``audio``, or where libsndfile does not read it (M4A, AAC) its first ``most`` seconds as WAV in ``room``.

    Raises RuntimeError where nobody reads it, OSError where it is not there or ``room`` is full.
    """
    try:
        soundfile.SoundFile(audio).close()
    except soundfile.LibsndfileError:
        return _unpacked(audio, room / "unpacked.wav", most)
    return audio


def _unpacked(audio: Path, target: Path, most: float) -> Path:
    from musicapi_desktop.dsp.aac import AacFile

    file = AacFile(audio)
    try:
        block = np.empty((_READ, file.channels), np.float32)
        with soundfile.SoundFile(target, "w", file.samplerate, file.channels, format="WAV", subtype="FLOAT") as output:
            while output.frames < most * file.samplerate and len(read := file.read(block)):
                output.write(read)
    finally:
        file.close()
    return target


def make_silence(like: Path, target: Path) -> None:
    """Write a WAV without sound, as long as a master. Raises as make_mp3."""
    part = target.with_name(f"{target.name}.part")
    with _open(like) as source:
        frames, rate = source.frames, source.samplerate
    with soundfile.SoundFile(part, "w", rate, 2, format="WAV", subtype="PCM_16") as output:
        for start in range(0, frames, _READ):
            output.write(np.zeros((min(_READ, frames - start), 2), np.int16))
    part.replace(target)


def outline(masters: Sequence[Path], count: int) -> npt.NDArray[np.float32]:
    """Return how loud (root of the mean square) each of ``count`` equal pieces of a sum is. Raises as make_mp3."""
    with ExitStack() as open_files:
        sources = [open_files.enter_context(_open(master)) for master in masters]
        squares = np.concatenate([np.square(block).sum(axis=1) for block in _sums(sources)] or [np.zeros(1)])
    pieces = np.array_split(squares.astype(np.float32), count)
    return np.array([np.sqrt(piece.mean()) if len(piece) else 0.0 for piece in pieces], np.float32)


def length(file: Path) -> float:
    """Return how long a file of ours is, in seconds. Raises OSError or soundfile's own errors."""
    with soundfile.SoundFile(file) as source:
        return source.frames / source.samplerate


def archive(master: Path) -> None:
    """Turn a WAV master into FLAC, bit for bit. Raises as make_mp3; does nothing where it is done already."""
    wav, flac = master.with_suffix(".wav"), master.with_suffix(".flac")
    if wav.exists():
        part = flac.with_name(f"{flac.name}.part")
        with soundfile.SoundFile(wav) as source:
            output = soundfile.SoundFile(
                part, "w", source.samplerate, source.channels, format="FLAC", subtype="PCM_16", compression_level=0.3
            )
            with output:
                while len(block := source.read(_READ, dtype="int16", always_2d=True)):
                    output.write(block)
        part.replace(flac)
        wav.unlink()


def found(master: Path) -> Path | None:
    """Return the file a master (named without its extension) lies in at this moment, or None."""
    return next((file for file in (master.with_suffix(".flac"), master.with_suffix(".wav")) if file.exists()), None)


def _open(master: Path) -> soundfile.SoundFile:
    for _attempt in range(2):
        file = found(master)
        if file is not None:
            try:
                return soundfile.SoundFile(file)
            except soundfile.LibsndfileError:
                # archived between looking and opening; it has its other name now
                if file.exists():
                    raise
    raise FileNotFoundError(f"{master.name} is gone")


def _sums(sources: Sequence[soundfile.SoundFile]) -> Iterator[Block]:
    while True:
        blocks = [cast("Block", source.read(_READ, dtype="float32", always_2d=True)) for source in sources]
        longest = max(len(block) for block in blocks)
        if not longest:
            return
        total = np.zeros((longest, 2), np.float32)
        for block in blocks:
            total[: len(block)] += block
        yield total


def _whole(block: Block) -> npt.NDArray[np.int16]:
    # libsndfile floors floats instead of rounding them, so the rounding is done here
    return np.clip(np.rint(block * _FULL_SCALE), -_FULL_SCALE, _FULL_SCALE - 1).astype(np.int16)
