"""``packaging/dev.py bench contract``: the contract suites as a matrix of subjects and cases, all green."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from collections import Counter
from pathlib import Path
from xml.etree import ElementTree

from table import Row, show

ROOT = Path(__file__).parent.parent.parent
SUITES = ("tests/contract", "tests/unit/wire", "tests/unit/client")


def cases_of(report: Path) -> tuple[Counter[str], Counter[str]]:
    """Cases and failures by subject (a file and a test's own name) of pytest's JUnit report."""
    cases: Counter[str] = Counter()
    failed: Counter[str] = Counter()
    for case in ElementTree.parse(report).iter("testcase"):  # noqa: S314  # pytest wrote it a moment ago
        subject = f"{case.get('classname', '').removeprefix('tests.')} · {case.get('name', '').partition('[')[0]}"
        cases[subject] += 1
        failed[subject] += case.find("failure") is not None or case.find("error") is not None
    return cases, failed


def main() -> int:
    """Run the suites and print the matrix; 1 where a case fails."""
    with tempfile.TemporaryDirectory() as folder:
        report = Path(folder) / "report.xml"
        command = [sys.executable, "-m", "pytest", "-q", "-n", "2", f"--junitxml={report}", *SUITES]
        env = {**os.environ, "QT_QPA_PLATFORM": "offscreen"}
        code = subprocess.run(command, cwd=ROOT, env=env, stdout=subprocess.DEVNULL, check=False).returncode
        cases, failed = cases_of(report)
    width = max(map(len, cases), default=0)
    for subject, count in sorted(cases.items()):
        outcome = "all green" if not failed[subject] else f"{failed[subject]} FAILED"
        sys.stdout.write(f"{subject:<{width}}  {count:>4} cases  {outcome}\n")
    rows = [Row("cases", cases.total(), least=1), Row("failed", failed.total(), most=0)]
    return show("Contract: client, codec and local engine", rows) or code


if __name__ == "__main__":
    sys.exit(main())
