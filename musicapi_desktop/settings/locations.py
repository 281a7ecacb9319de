"""Where everything lives: the only file that knows whether this is a source tree, a wheel or a frozen app."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from pathlib import Path

APP_NAME = "MusicAPI Desktop"
_APP_DIR = "musicapi-desktop"


@dataclass(frozen=True, slots=True)
class Locations:
    """The folders the app keeps things in. ``music`` is the person's own; the rest is the app's."""

    data: Path
    music: Path
    cache: Path
    config: Path
    logs: Path
    engine: Path

    @property
    def library(self) -> Path:
        """The library's database file."""
        return self.data / "library.db"

    @property
    def preferences(self) -> Path:
        """The preferences file."""
        return self.config / "preferences.json"

    def create(self) -> None:
        """Make every folder that is missing. Raises OSError where the disk refuses."""
        for folder in (self.data, self.music, self.cache, self.config, self.logs, self.engine):
            folder.mkdir(parents=True, exist_ok=True)


def under(folder: Path) -> Locations:
    """Everything the app keeps, under one folder (``--data DIR``)."""
    root = folder.expanduser().absolute()
    return Locations(
        data=root / "data",
        music=root / "Music",
        cache=root / "cache",
        config=root / "config",
        logs=root / "logs",
        engine=root / "engine",
    )


def of_this_person() -> Locations:
    """The usual places of this system."""
    import platformdirs  # kept off the path to the first paint

    dirs = platformdirs.PlatformDirs(_APP_DIR, appauthor=False)
    data = Path(dirs.user_data_dir)
    return Locations(
        data=data,
        music=Path(platformdirs.user_music_dir()) / "MusicAPI",
        cache=Path(dirs.user_cache_dir),
        config=Path(dirs.user_config_dir),
        logs=Path(dirs.user_log_dir),
        engine=data / "engine",
    )


def frozen() -> bool:
    """True inside a packaged program."""
    return bool(getattr(sys, "frozen", False))


def _resource_root() -> Path:
    if frozen():
        return Path(getattr(sys, "_MEIPASS", Path(sys.executable).parent)) / "resources"
    packaged = Path(__file__).parent.parent / "resources"
    return packaged if packaged.is_dir() else Path(__file__).parent.parent.parent / "resources"


def resource(relative: str) -> Path:
    """Path of a file under resources/. It need not exist."""
    return _resource_root() / relative


def program() -> list[str]:
    """The command that starts this program again (for the engine's process)."""
    return [sys.executable] if frozen() else [sys.executable, "-m", "musicapi_desktop"]
