"""What a request may need around it: a public place for its source file, and webhooks that tell how it goes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol

from musicapi_desktop.domain.errors import PlaceError
from musicapi_desktop.domain.job import Job
from musicapi_desktop.domain.place import local_file
from musicapi_desktop.domain.profile import Profile


class Sources(Protocol):
    """The source files of jobs (services.source_files.SourceFiles)."""

    def recover(self) -> None:
        """Delete what an earlier process left."""
        ...

    def address(self, job: Job, profile: Profile) -> str | None:
        """The address to send; None while a file is on its way. Raises PlaceError, Offline, KeyringError, DiskError."""
        ...

    def busy(self) -> frozenset[str]:
        """The jobs whose files are on their way."""
        ...

    def settle(self) -> None:
        """Delete the files of jobs that have ended."""
        ...

    def stop(self) -> None:
        """End what is under way."""
        ...


class Hooks(Protocol):
    """The webhooks of profiles (services.webhooks.Webhooks)."""

    def fields(self, profile_id: str) -> Mapping[str, str]:
        """What is added to the body of a call that takes webhooks; empty where they are off."""
        ...

    def hears(self, profile_id: str) -> bool:
        """True while webhooks of a profile come in."""
        ...


class NoSources:
    """No place: addresses of the network are sent as they are."""

    def recover(self) -> None:
        """Nothing was left."""

    def address(self, job: Job, profile: Profile) -> str | None:
        """The address as it is. Raises PlaceError where it is a file of this computer and the service is elsewhere."""
        if local_file(job.request.url) is not None and not profile.local:
            raise no_place()
        return job.request.url

    def busy(self) -> frozenset[str]:
        """Nobody waits."""
        return frozenset()

    def settle(self) -> None:
        """Nothing lies anywhere."""

    def stop(self) -> None:
        """Nothing is under way."""


def no_place() -> PlaceError:
    """Return what to say where a file of this computer cannot be handed to the service."""
    return PlaceError(
        "The service fetches audio by its public address, and there is no place to put this file.",
        "Set one up in Settings, Source files, or paste a link.",
    )


class NoHooks:
    """No webhooks: every task is asked after."""

    def fields(self, profile_id: str) -> Mapping[str, str]:  # noqa: ARG002  # the protocol's signature
        """Nothing is added."""
        return {}

    def hears(self, profile_id: str) -> bool:  # noqa: ARG002  # the protocol's signature
        """Nothing is heard."""
        return False
