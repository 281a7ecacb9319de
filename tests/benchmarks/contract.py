"""``packaging/dev.py bench contract``: the contract suites as a matrix of operation × dialect, and the count of cases.

Runs tests/contract, and the literal-body and property suites of the client and the codec, in this process; every case
must be green. ``--quick`` tries each dialect by the operations it changes, and one combination, as the usual test run
does.
"""

from __future__ import annotations

import os
import sys
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from stage import TESTS, prepare

if TYPE_CHECKING:
    import pytest

SUITES: Final = ("contract", "unit/client", "unit/wire", "unit/services/test_every_operation.py")
SINGLY: Final = "test_every_dialect"
PAIRS: Final = "test_client_dialect_pairs"
FAMILIES: Final = {
    "literal bodies": ("test_operations", "test_client_dialects", "test_client_outputs", "test_answers",
                       "test_capabilities", "test_requests", "test_tables", "test_errors"),
    "any JSON": ("test_codec_properties",),
    "every dialect": (SINGLY,),
    "combinations": (PAIRS,),
    "faults of the line": ("test_client_faults", "test_downloader"),
    "queue and files": ("test_every_operation", "test_client_api_command"),
}  # fmt: skip
"""Suites by what they are about; every other file is the local server's own."""
OWN: Final = "local server"
EXTRAS: Final = ("batch", "credits", "unknown", "broke", "refused")
"""What is asked beside the operations."""


@dataclass(frozen=True)
class Case:
    """One test that ran: its file, what it asks for, its variant, and whether it passed."""

    file: str
    operation: str
    variant: str
    passed: bool

    @property
    def family(self) -> str:
        """What it is about."""
        return next((name for name, files in FAMILIES.items() if self.file in files), OWN)


class Collector:
    """A plugin of pytest that keeps what came out."""

    def __init__(self) -> None:
        self.cases: list[Case] = []
        self.skipped: list[str] = []

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Keep a case once: what it did, or why it did not begin."""
        if report.skipped:
            self.skipped.append(report.nodeid)
        elif report.when == "call" or report.failed:
            self.cases.append(case_of(report.nodeid, passed=report.passed))


def case_of(node: str, *, passed: bool) -> Case:
    """What a test's address says it is about."""
    path, _, test = node.partition("::")
    name, _, variant = test.partition("[")
    variant = variant.removesuffix("]")
    file = path.rsplit("/", 1)[-1].removesuffix(".py")
    return Case(file, _operation(variant, name), variant or name, passed)


def _operation(variant: str, name: str) -> str:
    from musicapi_desktop.domain.request import Operation

    known = sorted((*map(str, Operation), *EXTRAS), key=len, reverse=True)
    at_the_end = (each for each in known if variant == each or variant.endswith(f"-{each}"))
    at_the_beginning = (each for each in known if variant.startswith(f"{each}-"))
    named = (each for each in known if each.replace("-", "_").replace("/", "_") in name)
    return next((found for found in (*at_the_end, *at_the_beginning, *named)), "")


def _topic(case: Case) -> str:
    from musicapi_desktop.wire.dialects import BY_NAME

    if case.file != SINGLY:
        return ""
    dialect = case.variant.removesuffix(f"-{case.operation}")
    return BY_NAME[dialect].topic if dialect in BY_NAME else ""


def matrix(cases: Iterable[Case]) -> list[str]:
    """The table: cases that passed by operation, and by topic of the dialects, combinations and literal bodies."""
    from musicapi_desktop.domain.request import Operation
    from musicapi_desktop.wire.dialects import TOPICS

    counts: dict[tuple[str, str], Counter[bool]] = defaultdict(Counter)
    for case in cases:
        column = _topic(case) or case.family
        counts[case.operation, column][case.passed] += 1
    columns = [*TOPICS, *(family for family in FAMILIES if family != "every dialect"), OWN]
    used = [column for column in columns if any(counts[row, column] for row in (*Operation, *EXTRAS))]
    lines = [f"{number:>3}  {column}" for number, column in enumerate(used, start=1)]
    lines += ["", " " * 24 + "".join(f"{number:>4}" for number in range(1, len(used) + 1)) + "   all"]
    for row in (*map(str, Operation), *EXTRAS):
        cells = [counts[row, column] for column in used]
        whole = sum(cells, Counter[bool]())
        lines.append(f"{row:<24}" + "".join(f"{_cell(cell):>4}" for cell in cells) + f"{_cell(whole):>6}")
    return lines


def _cell(count: Counter[bool]) -> str:
    if not count:
        return "·"
    return f"{count[True]}" if not count[False] else f"{count[False]}✗"


def families(cases: Iterable[Case]) -> list[str]:
    """How many cases each suite has."""
    counts: dict[str, Counter[bool]] = defaultdict(Counter)
    for case in cases:
        counts[case.family][case.passed] += 1
    names = [name for name in (*FAMILIES, OWN) if name in counts]
    return [f"{name:<24}{counts[name][True]:>6} green{counts[name][False]:>6} red" for name in names]


def say(*lines: str) -> None:
    """Print lines."""
    print(*lines, sep="\n")  # noqa: T201  # measurements are printed


def main() -> int:
    """Run the suites and print the matrix; exit code 1 where a case is red."""
    prepare()
    if "--quick" not in sys.argv:
        os.environ["MUSICAPI_CONTRACT_ALL"] = "1"
    import pytest

    os.chdir(TESTS.parent)
    collector = Collector()
    # a combination is tried whole before its first case is told, while others may use the processors
    options = ["-q", "--no-header", "-p", "no:cacheprovider", "--timeout", "600"]
    code = pytest.main([*options, *(str(TESTS / suite) for suite in SUITES)], plugins=[collector])
    cases = collector.cases
    red = [case for case in cases if not case.passed]
    say("", "Contract: cases that passed, by operation (rows) and dialect or suite (columns)", "", *matrix(cases), "")
    say("Suites", "", *families(cases), "")
    for case in red:
        say(f"red: {case.file} [{case.variant}]")
    say(f"{len(cases)} cases, {len(red)} red, {len(collector.skipped)} skipped")
    return 1 if red or code else 0


if __name__ == "__main__":
    sys.exit(main())
