"""Entry point: ``python -m musicapi_desktop`` and the ``musicapi-desktop`` command."""

from __future__ import annotations

import gc
import sys


def main() -> int:
    """Run the program; return its exit code."""
    if getattr(sys, "frozen", False) and {"--multiprocessing-fork", "-c"} & set(sys.argv):
        # the engine's workers start this same program again; this does their work and does not return. The window is
        # spared the import: it would cost a tenth of its start
        from multiprocessing import freeze_support

        freeze_support()
    # the many objects of the imports all stay: looking for cycles among them costs a tenth of the start
    gc.disable()
    from musicapi_desktop.app.command_line import run

    return run(sys.argv[1:])


if __name__ == "__main__":
    sys.exit(main())
