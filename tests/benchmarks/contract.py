"""``packaging/dev.py bench contract``: the contract suites as a matrix of subjects and cases, all green."""

from __future__ import annotations

import sys
from collections import Counter
from pathlib import Path

import pytest
from table import Row, show

ROOT = Path(__file__).parent.parent.parent
SUITES = ("tests/contract", "tests/unit/wire", "tests/unit/client")


class Matrix:
    """Collects what pytest reports: cases and failures by subject, where the subject is the test's own name."""

    def __init__(self) -> None:
        self.cases: Counter[str] = Counter()
        self.failed: Counter[str] = Counter()

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Count a case once, when it ran or when its set-up failed."""
        if report.when == "call" or report.failed:
            subject = report.nodeid.partition("[")[0].replace("::", " · ").removeprefix("tests/")
            self.cases[subject] += 1
            self.failed[subject] += report.failed


def main() -> int:
    """Run the suites and print the matrix; 1 where a case fails."""
    matrix = Matrix()
    arguments = ["-q", "--no-header", "-p", "no:terminal", *(str(ROOT / suite) for suite in SUITES)]
    code = int(pytest.main(arguments, plugins=[matrix]))
    width = max(map(len, matrix.cases), default=0)
    for subject, cases in sorted(matrix.cases.items()):
        failed = matrix.failed[subject]
        sys.stdout.write(f"{subject:<{width}}  {cases:>4} cases  {'all green' if not failed else f'{failed} FAILED'}\n")
    rows = [
        Row("cases", sum(matrix.cases.values())),
        Row("failed", sum(matrix.failed.values()), most=0),
    ]
    return show("Contract: client, codec and local engine", rows) or code


if __name__ == "__main__":
    sys.exit(main())
