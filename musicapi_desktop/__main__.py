"""Entry point: ``python -m musicapi_desktop`` and the ``musicapi-desktop`` command."""

from __future__ import annotations

import sys


def main() -> int:
    """Run the program; return its exit code."""
    from musicapi_desktop.app.command_line import run

    return run(sys.argv[1:])


if __name__ == "__main__":
    sys.exit(main())
