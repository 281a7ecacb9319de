"""Builds resources/voices: two singers' units of sound, cut from the CMU voices of Flite.

    python3 packaging/voices.py --words cmudict.dict [--packages DIR] [--out resources/voices]

Needs numpy and scipy (not dependencies of the program). The sources are Debian's flite packages, fetched with
``apt-get download`` unless ``--packages`` holds their .deb files. Flite's statistical voices say some thousand
carriers; of each its own parameters are taken before they become sound (mel-cepstrum, excitation strengths of five
bands), so that nothing is lost to an analysis. Every pair of phones is kept from the middle of the one to the middle
of the other, in up to eight surroundings. The same packages and words give the same bytes.
"""

from __future__ import annotations

import argparse
import ctypes
import json
import lzma
import subprocess
import sys
import tempfile
from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from musicapi_desktop.offline.voice.phones import PAUSE, PHONES, VOWELS, class_of  # noqa: E402  # path set above

VOICES = ("slt", "rms")
ORDER = 25
STEPS_PER_DEVIATION = 24
SLOW = 1.25
"""How much slower than speech the carriers are said: targets are reached."""
MOST_VARIANTS = 8
MOST_FRAMES = 40
COMMON = """
a about again all alone always am and another are arms around as at away baby back be beautiful because been before
believe better blue body born boy break bring broken burn but by call came can change close cold come could cry dance
dark day deep did dont door down dream dreams each earth easy end ever every everything eyes face fall far fear feel
feeling find fire first fly follow for forever found free from garden gave get girl give go going gold gone good
goodbye got ground had hand hands has have he hear heart heaven hello help her here high him his hold hope home hour
how i if in inside into is it its just keep kiss know land last late leave let life lift light like line little live
long look lost love low made make man me memory midnight mind moon more morning mother mountain move much music my
name need never new night no nobody not nothing now ocean of off old on once one only open or our out over own paper
people place play quiet rain reach remember rise river road room run same say sea see she shine show silence silver
sing sky sleep slow small smile so some somebody somehow someone something song soul sound stand star stars stay still
stone stop storm story street strong summer sun sweet take tears tell than that the their them then there they thing
think this thought through time to today together tomorrow tonight too touch town train tree true try turn under until
up us voice wait walk want was watch water way we were what wheel when where while white who why wild will wind window
winter wish with without wonder words world would year yellow yes yesterday you young your
"""
Frames = npt.NDArray[np.float64]


class _Track(ctypes.Structure):
    _fields_ = (
        ("type", ctypes.c_char_p),
        ("frames_count", ctypes.c_int),
        ("channels", ctypes.c_int),
        ("times", ctypes.POINTER(ctypes.c_float)),
        ("frames", ctypes.POINTER(ctypes.POINTER(ctypes.c_float))),
    )


@dataclass(frozen=True)
class Spoken:
    """What Flite made of a carrier: per phone its name, end in frames and syllable stress; the parameters by frame."""

    phones: list[tuple[str, int, int]]
    cepstra: Frames
    strengths: Frames
    voiced: npt.NDArray[np.bool_]


@dataclass(frozen=True)
class Unit:
    """Half of one phone and half of the next, with what stood around them."""

    first: str
    second: str
    before: str
    after: str
    stress: int
    split: int
    cepstra: Frames
    strengths: Frames
    voiced: npt.NDArray[np.bool_]


class Flite:
    """One of Flite's voices, through its C interface."""

    def __init__(self, libraries: Path, name: str) -> None:
        self._c = self._load(libraries, "libflite.so.1")
        self._others = [self._load(libraries, f"libflite_{n}.so.1") for n in ("usenglish", "cmulex", f"cmu_us_{name}")]
        for function in (
            *("flite_synth_text", "flite_synth_phones", "utt_relation", "relation_head", "item_next"),
            *("feat_val", "val_track"),
        ):
            getattr(self._c, function).restype = ctypes.c_void_p
        self._c.item_feat_string.restype = ctypes.c_char_p
        self._c.ffeature_string.restype = ctypes.c_char_p
        self._c.item_feat_float.restype = ctypes.c_float
        self._c.feat_set_float.argtypes = (ctypes.c_void_p, ctypes.c_char_p, ctypes.c_float)
        self._c.flite_init()
        register = getattr(self._others[-1], f"register_cmu_us_{name}")
        register.restype = ctypes.c_void_p
        self._voice = ctypes.c_void_p(register(None))
        features = ctypes.cast(self._voice, ctypes.POINTER(ctypes.c_void_p))[1]
        self._c.feat_set_float(features, b"duration_stretch", SLOW)

    @staticmethod
    def _load(folder: Path, name: str) -> ctypes.CDLL:
        return ctypes.CDLL(str(folder / name), mode=ctypes.RTLD_GLOBAL)

    def say(self, text: str, *, phones: bool = False) -> Spoken:
        """Say words, or phones by name."""
        speak = self._c.flite_synth_phones if phones else self._c.flite_synth_text
        utterance = ctypes.c_void_p(speak(text.encode(), self._voice))
        said: list[tuple[str, int, int]] = []
        item = self._c.relation_head(ctypes.c_void_p(self._c.utt_relation(utterance, b"Segment")))
        while item:
            here = ctypes.c_void_p(item)
            stress = self._c.ffeature_string(here, b"R:SylStructure.parent.stress") == b"1"
            end = round(self._c.item_feat_float(here, b"end") * 200)
            said.append((self._c.item_feat_string(here, b"name").decode(), end, int(stress)))
            item = self._c.item_next(here)
        raw, strengths = self._track(utterance, b"param_track"), self._track(utterance, b"str_track")
        self._c.delete_utterance(utterance)
        return Spoken(said, smooth(raw), strengths, raw[:, 0] > 0)

    def _track(self, utterance: ctypes.c_void_p, name: bytes) -> Frames:
        features = ctypes.c_void_p(ctypes.cast(utterance, ctypes.POINTER(ctypes.c_void_p))[0])
        value = ctypes.c_void_p(self._c.feat_val(features, name))
        track = ctypes.cast(ctypes.c_void_p(self._c.val_track(value)), ctypes.POINTER(_Track))[0]
        size = track.channels * 4
        rows = b"".join(ctypes.string_at(track.frames[k], size) for k in range(track.frames_count))
        return np.frombuffer(rows, np.float32).reshape(track.frames_count, track.channels).astype(np.float64)


def smooth(raw: Frames) -> Frames:
    """The likeliest trajectory of means and deviations of values and slopes (Tokuda's parameter generation)."""
    from scipy.linalg import solveh_banded

    count = len(raw)
    mean, deviation = raw[:, 2::2][:, : ORDER * 2], raw[:, 3::2][:, : ORDER * 2]
    weight = 1.0 / np.maximum(deviation, 1e-4) ** 2
    out = np.empty((count, ORDER))
    for k in range(ORDER):
        value, slope = weight[:, k], weight[:, ORDER + k].copy()
        slope[[0, -1]] = 0.0
        bands = np.zeros((3, count))
        bands[2] = value
        bands[2, :-1] += 0.25 * slope[1:]
        bands[2, 1:] += 0.25 * slope[:-1]
        bands[0, 2:] = -0.25 * slope[1:-1]
        right = value * mean[:, k]
        push = 0.5 * slope * mean[:, ORDER + k]
        right[1:] += push[:-1]
        right[:-1] -= push[1:]
        out[:, k] = solveh_banded(bands, right)
    return out


def carriers(words: Path) -> list[str]:
    """Short phrases of common words and of words from the whole dictionary, always the same."""
    listed = [line.split(" ", 1)[0] for line in words.read_text(encoding="utf-8").splitlines()]
    plain = [word for word in listed if word.isalpha() and 3 <= len(word) <= 9]
    common = COMMON.split()
    draw = np.random.Generator(np.random.PCG64(1))
    found = [" ".join(common[int(i)] for i in draw.integers(0, len(common), 4)) for _ in range(1600)]
    for _ in range(3400):
        one, two = (plain[int(i)] for i in draw.integers(0, len(plain), 2))
        found.append(f"{one} {common[int(draw.integers(0, len(common)))]} {two}")
    return found


def cut(spoken: Spoken) -> list[Unit]:
    """All units of a carrier."""
    names = [PAUSE if name == PAUSE else name for name, _, _ in spoken.phones]
    ends = [min(end, len(spoken.cepstra)) for _, end, _ in spoken.phones]
    starts = [0, *ends[:-1]]
    units: list[Unit] = []
    for i in range(len(names) - 1):
        if names[i] not in PHONES or names[i + 1] not in PHONES or names[i] == names[i + 1] == PAUSE:
            continue
        middle = max(starts[i], ends[i] - MOST_FRAMES // 2, (starts[i] + ends[i]) // 2)
        stop = min(ends[i + 1], ends[i] + MOST_FRAMES // 2, (starts[i + 1] + ends[i + 1] + 1) // 2)
        if stop - ends[i] < 2 or ends[i] - middle < 2:
            continue
        vowel = i if names[i] in VOWELS else i + 1
        units.append(
            Unit(
                names[i],
                names[i + 1],
                class_of(names[i - 1]) if i else "-",
                class_of(names[i + 2]) if i + 2 < len(names) else "-",
                spoken.phones[vowel][2],
                ends[i] - middle,
                spoken.cepstra[middle:stop],
                spoken.strengths[middle:stop],
                spoken.voiced[middle:stop],
            )
        )
    return units


def spell(first: str, second: str) -> str:
    """A carrier in phones for a pair no words gave."""
    names = [PAUSE]
    if first != PAUSE:
        names += ["t" if first in VOWELS else "aa", first]
    if second != PAUSE:
        names += [second, "t" if second in VOWELS else "aa"]
    return " ".join([*names, PAUSE])


def choose(units: list[Unit]) -> list[Unit]:
    """The most typical unit of each surrounding, the commonest surroundings first."""
    groups: dict[tuple[str, str, int], list[Unit]] = defaultdict(list)
    for unit in units:
        groups[unit.before, unit.after, unit.stress].append(unit)
    most = int(np.clip(round(1.1 * np.log2(len(units) + 1)), 1, MOST_VARIANTS))
    ranked = sorted(groups, key=lambda key: (-len(groups[key]), key))
    return [_typical(groups[key]) for key in ranked[:most]]


def _typical(units: list[Unit]) -> Unit:
    def signature(unit: Unit) -> Frames:
        c, s = unit.cepstra, unit.split
        return np.concatenate([c[0], c[s // 2], c[s - 1], c[(s + len(c)) // 2], c[-1], [len(c) * 0.1]])

    rows = np.array([signature(unit) for unit in units[:200]])
    return units[int(np.argmin(np.square(rows - np.median(rows, 0)).sum(1)))]


def collect(flite: Flite, words: Path) -> list[Unit]:
    """Say everything, keep the best."""
    found: dict[tuple[str, str], list[Unit]] = defaultdict(list)
    for text in carriers(words):
        for unit in cut(flite.say(text)):
            found[unit.first, unit.second].append(unit)
    for first in PHONES:
        for second in PHONES:
            if not found[first, second] and (first, second) != (PAUSE, PAUSE):
                said = cut(flite.say(spell(first, second), phones=True))
                found[first, second] = [u for u in said if (u.first, u.second) == (first, second)]
    return [unit for pair in sorted(found) for unit in choose(found[pair])]


def write(units: list[Unit], target: Path) -> None:
    """Write a bank: a line of JSON, then the arrays it names, all as LZMA."""
    cepstra = np.concatenate([unit.cepstra for unit in units])
    mean, deviation = cepstra.mean(0), cepstra.std(0)
    scale = deviation / STEPS_PER_DEVIATION
    quantised = np.clip(np.round((cepstra - mean) / scale), -127, 127).astype(np.int8)
    strengths = np.concatenate([unit.strengths for unit in units])
    soft = np.clip(np.round(strengths * 31), 0, 31).astype(np.uint8)
    header = {
        "format": 1,
        "frame_ms": 5,
        "rate": 16000,
        "warp": 0.42,
        "phones": PHONES,
        "mean": [round(float(v), 5) for v in mean],
        "scale": [round(float(v), 6) for v in scale],
        "units": len(units),
        "frames": len(cepstra),
    }
    table = np.array(
        [
            [
                *(PHONES.index(u.first), PHONES.index(u.second), ord(u.before), ord(u.after)),
                *(u.stress, len(u.cepstra), u.split),
            ]
            for u in units
        ],
        np.uint8,
    )
    voiced = np.packbits(np.concatenate([unit.voiced for unit in units]))
    body = [table.T.tobytes(), voiced.tobytes(), _slopes(quantised), _slopes(soft)]
    raw = json.dumps(header, separators=(",", ":")).encode() + b"\n" + b"".join(body)
    filters = [{"id": lzma.FILTER_LZMA2, "preset": 9 | lzma.PRESET_EXTREME, "lc": 0, "lp": 0, "pb": 0}]
    target.write_bytes(lzma.compress(raw, lzma.FORMAT_XZ, filters=filters))
    print(f"{target.name}: {len(units)} units, {len(cepstra)} frames, {target.stat().st_size / 1e6:.2f} MB")


def _slopes(values: npt.NDArray[np.int8] | npt.NDArray[np.uint8]) -> bytes:
    """Column by column, as differences modulo 256: what compresses best."""
    columns = np.ascontiguousarray(values.T).view(np.uint8)
    return np.diff(columns, axis=1, prepend=np.uint8(0)).tobytes()


def packages(folder: Path | None, scratch: Path) -> Path:
    """Unpack the two packages; returns the folder of libraries."""
    if folder is None:
        subprocess.run(["apt-get", "download", "flite", "libflite1"], cwd=scratch, check=True)
        folder = scratch
    for package in sorted(folder.glob("*flite*.deb")):
        subprocess.run(["dpkg", "-x", str(package), str(scratch / "root")], check=True)
    return next((scratch / "root").rglob("libflite.so.1")).parent


def main() -> None:
    """Build the banks asked for."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--words", type=Path, required=True)
    parser.add_argument("--packages", type=Path)
    parser.add_argument("--out", type=Path, default=ROOT / "resources" / "voices")
    parser.add_argument("--voice", choices=VOICES, action="append")
    chosen = parser.parse_args()
    chosen.out.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as scratch:
        libraries = packages(chosen.packages, Path(scratch))
        for name in chosen.voice or VOICES:
            write(collect(Flite(libraries, name), chosen.words), chosen.out / f"{name}.voice")


if __name__ == "__main__":
    main()
