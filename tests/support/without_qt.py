"""A pytest plugin that makes PySide6 unimportable: the core is proved free of Qt by running without it."""

from __future__ import annotations

import sys
from importlib.abc import MetaPathFinder


class _NoQt(MetaPathFinder):
    def find_spec(self, fullname, path=None, target=None):
        if fullname.split(".")[0] in {"PySide6", "shiboken6"}:
            raise ImportError("the core may not import Qt")
        return


def pytest_addoption(parser):
    # the names that pytest-qt would know
    parser.addini("qt_api", "unused here")
    parser.addini("qt_log_level_fail", "unused here")


def pytest_configure(config):
    sys.meta_path.insert(0, _NoQt())
