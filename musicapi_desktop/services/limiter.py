"""The least time between two requests of one key, whoever sends them (contract §1)."""

from __future__ import annotations

import threading


class Limiter:
    """Hands out turns per profile. Times are monotonic seconds. Safe from any thread."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._free: dict[str, float] = {}

    def free_at(self, profile_id: str) -> float:
        """When the next request of a profile may be sent; in the past where it may be sent now."""
        with self._lock:
            return self._free.get(profile_id, float("-inf"))

    def take(self, profile_id: str, interval: float, now: float) -> bool:
        """Take a turn at ``now``; False where it is too early."""
        with self._lock:
            if now < self._free.get(profile_id, float("-inf")):
                return False
            self._free[profile_id] = now + interval
            return True

    def reserve(self, profile_id: str, interval: float, now: float) -> float:
        """Book the next turn; return how many seconds the caller must wait for it."""
        with self._lock:
            at = max(now, self._free.get(profile_id, float("-inf")))
            self._free[profile_id] = at + interval
            return at - now

    def slow_down(self, profile_id: str, until: float) -> None:
        """Send nothing of a profile before ``until`` (the service asked for a slower pace)."""
        with self._lock:
            self._free[profile_id] = max(until, self._free.get(profile_id, float("-inf")))
