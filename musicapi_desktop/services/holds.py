"""What keeps a profile from going on, other than the person: no network, a refused key, no engine."""

from __future__ import annotations

import threading
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Hold:
    """Why a profile waits (a sentence), and until when (monotonic seconds); None: until the person goes on."""

    reason: str
    until: float | None = None
    failures: int = 1


class Holds:
    """The holds of all profiles. Safe from any thread."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._holds: dict[str, Hold] = {}

    def stop(self, profile_id: str, reason: str) -> None:
        """Hold a profile until the person goes on."""
        with self._lock:
            self._holds[profile_id] = Hold(reason)

    def back_off(self, profile_id: str, reason: str, now: float, first: float, most: float) -> float:
        """Hold a profile for a while, twice as long each time in a row; return until when."""
        with self._lock:
            before = self._holds.get(profile_id)
            failures = before.failures + 1 if before is not None and before.until is not None else 1
            until = now + min(most, first * 2.0 ** min(failures - 1, 16))
            self._holds[profile_id] = Hold(reason, until, failures)
            return until

    def clear(self, profile_id: str) -> bool:
        """Let a profile go on; True where it was held."""
        with self._lock:
            return self._holds.pop(profile_id, None) is not None

    def clear_all(self) -> None:
        """Let every profile go on (the person said so)."""
        with self._lock:
            self._holds.clear()

    def until(self, profile_id: str) -> float | None:
        """When a profile may go on: −∞ where nothing holds it, None where only the person can say so."""
        with self._lock:
            hold = self._holds.get(profile_id)
            return float("-inf") if hold is None else hold.until

    def reason(self) -> str:
        """The sentence of one hold (a lasting one before a passing one), empty where there is none."""
        with self._lock:
            holds = sorted(self._holds.values(), key=lambda hold: hold.until is not None)
            return holds[0].reason if holds else ""
