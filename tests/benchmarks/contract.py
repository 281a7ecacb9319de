"""``packaging/dev.py bench contract``: the contract suites as a matrix of operation × dialect, and the count of cases.

Runs tests/contract in this process and prints what came out; every case must be green.
"""

from __future__ import annotations

import os
import sys
from collections import Counter, defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from stage import TESTS, prepare

if TYPE_CHECKING:
    import pytest

FAMILIES = {
    "test_client_dialects": "spellings",
    "test_client_outputs": "spellings",
    "test_client_faults": "faults",
    "test_downloader": "faults",
    "test_client_with_server": "local server",
    "test_local_server": "local server",
    "test_local_server_bodies": "local server",
    "test_local_server_music": "local server",
    "test_local_server_process": "local server",
}
"""What a file of the suite is about: documented spellings, faults of the line, our own server."""

OPERATIONS = (
    ("get-credits", ("balance", "credits", "charged", "price_list")),
    ("batch", ("batch", "item", "sonic/batch")),
    ("stems", ("stem", "sonic/stems")),
    ("wav", ("wav", "download_is", "sonic/wav")),
    ("score and words", ("score", "words_have_times")),
    (
        "task",
        ("task", "stream", "take", "poll", "clip", "duration", "model", "pair", "unknown_is_not_found", "restart"),
    ),
    (
        "create",
        ("submit", "create", "mode_makes", "seed", "title", "wrong_field", "upload_step", "instrumental", "script"),
    ),
    ("files", ("ranges", "file", "masters", "nothing_else_is_served", "download")),
    ("every GET", ("GET",)),
    ("every POST", ("POST", "a_post")),
)
"""Operations by words of a test's name, the first that fits."""

OTHER = "every call"
_ABOUT_CALLS = ("test_client_faults", "test_local_server_bodies")
"""Here the operation is part of the variant."""


@dataclass(frozen=True)
class Case:
    """One test that ran: what it is about, its variant, and whether it passed."""

    operation: str
    family: str
    dialect: str
    passed: bool


class Collector:
    """A plugin of pytest that keeps what came out."""

    def __init__(self) -> None:
        self.cases: list[Case] = []
        self.skipped = 0

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Keep a case once: what it did, or why it did not begin."""
        if report.skipped:
            self.skipped += 1
        elif report.when == "call" or report.failed:
            self.cases.append(case_of(report.nodeid, passed=report.passed))


def case_of(node: str, *, passed: bool) -> Case:
    """What a test's address says it is about."""
    path, _, test = node.partition("::")
    name, _, variant = test.partition("[")
    file = path.rsplit("/", 1)[-1].removesuffix(".py")
    variant = variant.removesuffix("]")
    family = FAMILIES.get(file, file.removeprefix("test_"))
    return Case(
        _operation(file, name, variant), family, variant or name.removeprefix("test_").replace("_", " "), passed
    )


def _operation(file: str, name: str, variant: str) -> str:
    if file == "test_downloader":
        return "files"
    said = f"{name} {variant}" if file in _ABOUT_CALLS else name
    return next((operation for operation, words in OPERATIONS if any(word in said for word in words)), OTHER)


def matrix(cases: list[Case]) -> list[str]:
    """The table: passed of all per operation and family."""
    families = sorted({case.family for case in cases})
    counts: dict[tuple[str, str], Counter[bool]] = defaultdict(Counter)
    for case in cases:
        counts[case.operation, case.family][case.passed] += 1
    width = max(len(name) for name, _ in OPERATIONS) + 2
    lines = [" " * width + "".join(f"{family:>16}" for family in families) + f"{'all':>12}"]
    for operation in (*(name for name, _ in OPERATIONS), OTHER):
        cells = [counts[operation, family] for family in families]
        if any(cells):
            whole = sum(cells, Counter[bool]())
            lines.append(f"{operation:<{width}}" + "".join(f"{_cell(c):>16}" for c in cells) + f"{_cell(whole):>12}")
    return lines


def _cell(count: Counter[bool]) -> str:
    if not count:
        return "–"
    return f"{count[True]}" if not count[False] else f"{count[True]} of {count.total()} ✗"


def dialects(cases: list[Case]) -> list[str]:
    """Every documented spelling, by operation."""
    found: dict[str, list[str]] = defaultdict(list)
    for case in cases:
        if case.family == "spellings":
            found[case.operation].append(case.dialect + ("" if case.passed else " ✗"))
    return [f"{operation}: {' · '.join(names)}" for operation, names in found.items()]


def say(*lines: str) -> None:
    """Print lines."""
    print(*lines, sep="\n")  # noqa: T201  # measurements are printed


def main() -> int:
    """Run the suites and print the matrix; exit code 1 where a case is red."""
    prepare()
    import pytest

    os.chdir(TESTS.parent)
    collector = Collector()
    code = pytest.main(["-q", "--no-header", "-p", "no:cacheprovider", str(TESTS / "contract")], plugins=[collector])
    cases = collector.cases
    red = [case for case in cases if not case.passed]
    say("", "Contract: cases that passed, by operation and by what was tried", "", *matrix(cases), "")
    say("Documented spellings", "", *dialects(cases), "")
    say(f"{len(cases)} cases, {len(red)} red, {collector.skipped} skipped")
    return 1 if red or code else 0


if __name__ == "__main__":
    sys.exit(main())
