"""Builds resources/bank: the programs the styles use, cut from two free General MIDI banks.

    python3 packaging/sound_bank.py [--packages DIR] [--out resources/bank]

The sources are Debian's packages of them (fetched with ``apt-get download`` unless ``--packages`` holds
their .deb files). Samples keep their Vorbis streams byte for byte; zones keep their generators, global
zones are folded in, modulators (which the sampler does not read) are left out. The same packages give
the same bytes.
"""

from __future__ import annotations

import argparse
import hashlib
import struct
import subprocess
import sys
import tempfile
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from musicapi_desktop.offline.synth.soundfont import (  # noqa: E402  # the path above must be set first
    DRUMS,
    GEN_INSTRUMENT,
    GEN_KEYS,
    GEN_SAMPLE,
    GEN_VELOCITIES,
    Tables,
    Zone,
)

LIMIT = 16_000_000
FLUID = "fluidr3mono-gm-soundfont"
MUSESCORE = "musescore-general-soundfont-small"
# The MuseScore bank sounds best for its size, but its grand piano alone is 15 MB; choir and pizzicato are twice
# as large there and no better.
FROM_FLUID = [(0, 0), (0, 3), (0, 45), (0, 52)]
MELODIC = [
    *(4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 16, 18, 20, 21, 22, 24, 25, 26, 27, 28, 29, 30),
    *(32, 33, 34, 35, 38, 39, 40, 42, 43, 44, 46, 47, 48, 49, 53, 55, 56, 57, 58, 59, 60, 61),
    *(65, 66, 68, 70, 71, 72, 73, 74, 75, 80, 81, 104, 105, 107, 108, 114, 116, 117, 119),
]
FROM_MUSESCORE = [(0, n) for n in MELODIC] + [(DRUMS, n) for n in (0, 8, 16, 24, 25, 32, 40, 48)]


@dataclass
class Subset:
    """The lists of the bank being written."""

    sample_data: bytearray = field(default_factory=bytearray)
    presets: list[bytes] = field(default_factory=list)
    preset_bags: list[bytes] = field(default_factory=list)
    preset_generators: list[bytes] = field(default_factory=list)
    instruments: list[bytes] = field(default_factory=list)
    instrument_bags: list[bytes] = field(default_factory=list)
    instrument_generators: list[bytes] = field(default_factory=list)
    headers: list[bytes] = field(default_factory=list)
    _known: dict[bytes, int] = field(default_factory=dict)

    def add_program(self, tables: Tables, bank: int, program: int) -> str:
        """Append a program with all it needs; returns its name."""
        index = next(i for i, p in enumerate(tables.presets) if (p.bank, p.program) == (bank, program))
        name = tables.presets[index].name
        self.presets.append(struct.pack("<20sHHHIII", name, program, bank, len(self.preset_bags), 0, 0, 0))
        for zone in tables.preset_zones(index):
            number = self._add_instrument(tables, zone[GEN_INSTRUMENT] & 0xFFFF)
            self.preset_bags.append(struct.pack("<HH", len(self.preset_generators), 0))
            self.preset_generators += _generators(zone, GEN_INSTRUMENT, number)
        return name.split(b"\0")[0].decode("latin1")

    def _add_instrument(self, tables: Tables, index: int) -> int:
        self.instruments.append(struct.pack("<20sH", b"part %d" % len(self.instruments), len(self.instrument_bags)))
        for zone in tables.instrument_zones(index):
            sample = self._add_sample(tables, zone[GEN_SAMPLE] & 0xFFFF)
            self.instrument_bags.append(struct.pack("<HH", len(self.instrument_generators), 0))
            self.instrument_generators += _generators(zone, GEN_SAMPLE, sample)
        return len(self.instruments) - 1

    def _add_sample(self, tables: Tables, index: int) -> int:
        header = tables.samples[index]
        stored = tables.sample_bytes(index)
        key = hashlib.sha256(stored + struct.pack("<IIIBb", *header[3:8])).digest()
        if key not in self._known:
            start = len(self.sample_data)
            self.sample_data += stored
            place = header._replace(start=start, end=start + len(stored), link=0, kind=header.kind & 0x10 | 1)
            self.headers.append(struct.pack("<20sIIIIIBbHH", *place))
            self._known[key] = len(self.headers) - 1
        return self._known[key]

    def to_bytes(self) -> bytes:
        """The finished file."""
        self.presets.append(struct.pack("<20sHHHIII", b"EOP", 0, 0, len(self.preset_bags), 0, 0, 0))
        self.preset_bags.append(struct.pack("<HH", len(self.preset_generators), 0))
        self.instruments.append(struct.pack("<20sH", b"EOI", len(self.instrument_bags)))
        self.instrument_bags.append(struct.pack("<HH", len(self.instrument_generators), 0))
        self.headers.append(struct.pack("<20sIIIIIBbHH", b"EOS", *[0] * 9))
        end = [struct.pack("<Hh", 0, 0)]
        lists = {
            b"phdr": self.presets,
            b"pbag": self.preset_bags,
            b"pmod": [bytes(10)],
            b"pgen": self.preset_generators + end,
            b"inst": self.instruments,
            b"ibag": self.instrument_bags,
            b"imod": [bytes(10)],
            b"igen": self.instrument_generators + end,
            b"shdr": self.headers,
        }
        info = _chunk(b"ifil", struct.pack("<HH", 3, 0)) + _chunk(b"INAM", b"MusicAPI Desktop bank\0")
        info += _chunk(b"ICOP", b"MIT; parts public domain or CC0. See LICENCES.txt\0")
        body = b"sfbk" + _chunk(b"LIST", b"INFO" + info)
        body += _chunk(b"LIST", b"sdta" + _chunk(b"smpl", bytes(self.sample_data)))
        body += _chunk(b"LIST", b"pdta" + b"".join(_chunk(k, b"".join(v)) for k, v in lists.items()))
        return _chunk(b"RIFF", body)


def _chunk(name: bytes, data: bytes) -> bytes:
    return name + len(data).to_bytes(4, "little") + data + b"\0" * (len(data) & 1)


def _generators(zone: Zone, last: int, target: int) -> list[bytes]:
    """Ranges come first and the target last: the order the format demands."""
    order = [k for k in (GEN_KEYS, GEN_VELOCITIES) if k in zone]
    order += sorted(k for k in zone if k not in (GEN_KEYS, GEN_VELOCITIES, last))
    pairs = [(k, zone[k]) for k in order] + [(last, target)]
    return [struct.pack("<HH", number, amount & 0xFFFF) for number, amount in pairs]


def unpack(package: str, packages: Path, into: Path) -> tuple[Path, str]:
    """Extract a Debian package; returns the folder and the file's name and SHA-256."""
    if not list(packages.glob(f"{package}_*.deb")):
        subprocess.run(["apt-get", "download", package], cwd=packages, check=True)
    deb = sorted(packages.glob(f"{package}_*.deb"))[-1]
    folder = into / package
    subprocess.run(["dpkg-deb", "-x", str(deb), str(folder)], check=True)
    return folder, f"{deb.name}  sha256 {hashlib.sha256(deb.read_bytes()).hexdigest()}"


def bank_of(folder: Path) -> Tables:
    """The one bank of an extracted package."""
    return Tables(next(p for p in sorted(folder.rglob("*.sf3")) if not p.is_symlink()).read_bytes())


def build(packages: Path, out: Path) -> int:
    """Write bank.sf3, LICENCES.txt and SOURCES.txt; returns the bank's size in bytes."""
    out.mkdir(parents=True, exist_ok=True)
    subset, sources, licences = Subset(), list[str](), list[str]()
    with tempfile.TemporaryDirectory() as temporary:
        for package, wanted in ((FLUID, FROM_FLUID), (MUSESCORE, FROM_MUSESCORE)):
            folder, line = unpack(package, packages, Path(temporary))
            tables = bank_of(folder)
            sources.append(f"From Debian's {line}\n")
            for bank, number in wanted:
                sources.append(f"  {bank:3d} {number:3d}  {subset.add_program(tables, bank, number)}\n")
            notice = (folder / "usr/share/doc" / package / "copyright").read_text()
            licences.append(f"The notice of {package}, as Debian ships it:\n\n{notice}\n")
    data = subset.to_bytes()
    if len(data) > LIMIT:
        raise SystemExit(f"the bank has {len(data)} bytes; at most {LIMIT} may be shipped")
    (out / "bank.sf3").write_bytes(data)
    heading = "Bank and program numbers of bank.sf3 and where they come from.\n\n"
    (out / "SOURCES.txt").write_text(heading + "".join(sources))
    (out / "LICENCES.txt").write_text(("=" * 80 + "\n").join(licences))
    return len(data)


def main() -> None:
    """Run the script."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--packages", type=Path)
    parser.add_argument("--out", type=Path, default=ROOT / "resources" / "bank")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        size = build((options.packages or Path(temporary)).absolute(), options.out)
    print(f"{options.out / 'bank.sf3'}: {size / 1e6:.1f} MB")


if __name__ == "__main__":
    main()
