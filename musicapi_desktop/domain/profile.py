"""A profile: a MusicAPI account, or this computer."""

from __future__ import annotations

from dataclasses import dataclass

LOCAL_PROFILE_ID = "local"


@dataclass(frozen=True, slots=True)
class Profile:
    """Where songs are made. The key is not here: it lives in the keyring under ``id``.

    ``interval`` is the least time between two requests of this key, in seconds (contract §1: 1 request in 3 s).
    """

    id: str
    name: str
    base_url: str = ""
    interval: float = 3.0

    @property
    def local(self) -> bool:
        """True for the engine of this computer."""
        return self.id == LOCAL_PROFILE_ID


LOCAL_PROFILE = Profile(LOCAL_PROFILE_ID, "On this computer", interval=0.0)
