"""Builds resources/pronunciation: the CMU dictionary, and rules learnt from it for words it lacks.

    python3 packaging/pronunciation.py --words cmudict.dict [--out resources/pronunciation]

The dictionary's data file is BSD-licensed (its notice lies beside the result). Letters are aligned with phones by
expectation-maximisation; then for each letter the phones it most often makes are kept per surrounding, from the plain
letter to three letters on both sides, wherever a wider surrounding changes the answer. Pure Python; the same
dictionary gives the same bytes.
"""

from __future__ import annotations

import argparse
import lzma
import math
from collections import Counter, defaultdict
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
ORDER = (1, -1, 2, -2, 3, -3, 4)
"""Which neighbour of a letter is looked at next."""
LEAST_SEEN = 1
ALIGNED_BY = 30_000
ROUNDS = 4

Entry = tuple[str, tuple[str, ...]]
Chances = dict[tuple[str, tuple[str, ...]], float]


def read(path: Path) -> list[Entry]:
    """First pronunciations, in the order of the file."""
    entries: list[Entry] = []
    for line in path.read_text(encoding="utf-8").splitlines():
        word, _, phones = line.partition("#")[0].strip().partition(" ")
        if word and "(" not in word and phones:
            entries.append((word, tuple(phones.lower().split())))
    return entries


def align(word: str, phones: tuple[str, ...], chances: Chances | None) -> list[tuple[str, ...]] | None:
    """The likeliest share of each letter in the phones: none, one or two."""
    rows: list[dict[int, tuple[float, int]]] = [{0: (0.0, 0)}]
    for letter in word:
        row: dict[int, tuple[float, int]] = {}
        for at, (score, _) in rows[-1].items():
            for take in range(3):
                if at + take > len(phones):
                    break
                total = score + _chance(letter, phones[at : at + take], chances)
                if at + take not in row or total > row[at + take][0]:
                    row[at + take] = (total, take)
        rows.append(row)
    if len(phones) not in rows[-1]:
        return None
    at, shares = len(phones), []
    for row in reversed(rows[1:]):
        take = row[at][1]
        shares.append(phones[at - take : at])
        at -= take
    return shares[::-1]


def _chance(letter: str, share: tuple[str, ...], chances: Chances | None) -> float:
    if chances is not None:
        return chances.get((letter, share), -14.0)
    if not share:
        return -2.0
    alike = (letter in "aeiouy") == share[0][-1].isdigit()
    return (-0.5 if alike else -4.0) - (3.0 if len(share) == 2 else 0.0)


def learn(entries: list[Entry]) -> Chances:
    """Chances (log) of a letter's share."""
    sample = entries[:: max(1, len(entries) // ALIGNED_BY)]
    chances: Chances | None = None
    for _ in range(ROUNDS):
        counts: Counter[tuple[str, tuple[str, ...]]] = Counter()
        letters: Counter[str] = Counter()
        for word, phones in sample:
            shares = align(word, phones, chances)
            for letter, share in zip(word, shares or (), strict=False):
                counts[letter, share] += 1
                letters[letter] += 1
        chances = {key: math.log((n + 0.1) / letters[key[0]]) for key, n in counts.items()}
    return chances or {}


def rules(entries: list[Entry], chances: Chances) -> dict[str, str]:
    """Surroundings to shares, where a wider surrounding says something else."""
    seen: list[dict[str, Counter[str]]] = [defaultdict(Counter) for _ in range(len(ORDER) + 1)]
    for word, phones in entries:
        shares = align(word, phones, chances)
        padded = f"____{word}____"
        for place, share in enumerate(shares or ()):
            key, label = padded[place + 4], " ".join(share)
            seen[0][key][label] += 1
            for depth, offset in enumerate(ORDER, 1):
                key += padded[place + 4 + offset]
                seen[depth][key][label] += 1
    kept: dict[str, str] = {}
    for level in seen:
        for key, labels in level.items():
            best, count = min(labels.items(), key=lambda item: (-item[1], item[0]))
            known = next((kept[key[:n]] for n in range(len(key) - 1, 0, -1) if key[:n] in kept), None)
            if best != known and (count >= LEAST_SEEN or len(key) == 1):
                kept[key] = best
    return kept


def test(entries: list[Entry]) -> None:
    """Print how many words that were held back come out right."""
    held, rest = entries[::20], [e for i, e in enumerate(entries) if i % 20]
    table = rules(rest, learn(rest))
    right = exact = 0
    for word, phones in held:
        said = " ".join(filter(None, (lookup(table, word, i) for i in range(len(word)))))
        right += _plain(said) == _plain(" ".join(phones))
        exact += said == " ".join(phones)
    print(f"held back {len(held)}: phones right {right / len(held):.1%}, with stress {exact / len(held):.1%}")


def lookup(table: dict[str, str], word: str, place: int) -> str:
    """A letter's share in a word."""
    padded = f"____{word}____"
    key = padded[place + 4] + "".join(padded[place + 4 + offset] for offset in ORDER)
    return next((table[key[:n]] for n in range(len(key), 0, -1) if key[:n] in table), "")


def _plain(text: str) -> str:
    return "".join(c for c in text if not c.isdigit())


def main() -> None:
    """Write words.xz and spelling.xz."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--words", type=Path, required=True)
    parser.add_argument("--out", type=Path, default=ROOT / "resources" / "pronunciation")
    parser.add_argument("--test", action="store_true", help="measure instead of writing")
    chosen = parser.parse_args()
    entries = sorted(read(chosen.words))
    spelt = [(word, phones) for word, phones in entries if word.isalpha() and word.isascii()]
    if chosen.test:
        return test(spelt)
    chosen.out.mkdir(parents=True, exist_ok=True)
    table = rules(spelt, learn(spelt))
    texts = {
        "words.xz": "".join(f"{word}\t{' '.join(phones)}\n" for word, phones in entries),
        "spelling.xz": "".join(f"{key}\t{share}\n" for key, share in sorted(table.items())),
    }
    for name, text in texts.items():
        packed = lzma.compress(("\n" + text).encode(), preset=9 | lzma.PRESET_EXTREME)
        (chosen.out / name).write_bytes(packed)
        print(f"{name}: {text.count(chr(10))} lines, {len(packed) / 1e3:.0f} kB")
    return None


if __name__ == "__main__":
    main()
