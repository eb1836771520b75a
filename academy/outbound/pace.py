"""How often a host is asked: a bucket of tokens for each, filled slowly."""

from __future__ import annotations

from dataclasses import dataclass, field
from threading import Lock

from academy.outbound.refusals import TooSoon

MOST_HOSTS = 1_000


@dataclass
class Pace:
    """One request a second and host, after the first few; `now` is seconds of any steady clock."""

    per_second: float = 1.0
    burst: float = 5.0
    longest_wait: float = 30.0
    """Seconds that are worth waiting for; beyond them, others come first."""

    _full_at: dict[str, float] = field(default_factory=dict)
    """When the bucket of a host will be full again."""

    _lock: Lock = field(default_factory=Lock)

    def take(self, host: str, *, now: float) -> float:
        """Take a token: give the seconds to wait before the host is asked.

        Raises TooSoon, and takes nothing, where that would be too long.
        """
        with self._lock:
            wait = self._after_one_more(host, now) - self.burst / self.per_second - now
            if wait > self.longest_wait:
                raise TooSoon(wait, host)
            self._keep(host, now)
            return max(0.0, wait)

    def note(self, host: str, *, now: float) -> None:
        """Count a request that was made without asking, as redirects are."""
        with self._lock:
            self._keep(host, now)

    def _after_one_more(self, host: str, now: float) -> float:
        return max(now, self._full_at.get(host, now)) + 1 / self.per_second

    def _keep(self, host: str, now: float) -> None:
        full_at = self._after_one_more(host, now)
        if len(self._full_at) >= MOST_HOSTS:
            self._full_at = {name: at for name, at in self._full_at.items() if at > now}
        self._full_at[host] = full_at
