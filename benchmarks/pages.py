"""Pages through the real web server, over one connection, and what its process weighs."""

from __future__ import annotations

import http.client
from collections.abc import Sequence
from pathlib import Path
from time import perf_counter

from benchmarks.figures import Figures
from courses.progress import progress
from courses.search.params import SearchParams
from tests.serving import Site

PAGES = 200
LISTS = "/en/learn"
PLAIN = "/en/sign-in"
"""A page that looks nothing up."""


def measure(site: Site, asked: Sequence[SearchParams], figures: Figures) -> None:
    """Ask for lists of words, of filters and of neither, and for a page without any list."""
    at_first = resident(site.server)
    times = times_of_lists(site, asked)
    figures.compared["page"] = figures.add_times("Page of the catalogue", times, aim=60)
    times = _times(site, [PLAIN] * PAGES, "Pages without a list")
    figures.compared["plain page"] = figures.add_times("Page without a list", times)
    afterwards = resident(site.server)
    figures.add("Memory of the web server, at first", at_first, "MB")
    figures.add("Memory of the web server, afterwards", afterwards, "MB")
    figures.compared |= {"memory at first": at_first, "memory": afterwards}


def times_of_lists(site: Site, asked: Sequence[SearchParams]) -> list[float]:
    """Warm the server up, and time pages of the catalogue in seconds.

    Half of them are full pages: whole facets, a filter, or the next page.
    """
    wide = ["", "?language=en", "?kind=webinar", "?page=2", "?sort=soonest"]
    narrow = [f"?{params.query_string()}" for params in asked]
    lists = [narrow[turn] if turn % 2 else wide[turn // 2 % len(wide)] for turn in range(PAGES)]
    _times(site, [PLAIN, *(f"{LISTS}{query}" for query in wide)], "Warming up")
    return _times(site, [f"{LISTS}{query}" for query in lists], "Pages of the catalogue")


def resident(process: int) -> float:
    """Tell how much memory a process holds, in MB."""
    status = Path(f"/proc/{process}/status").read_text(encoding="ascii")
    [line] = [line for line in status.splitlines() if line.startswith("VmRSS:")]
    return int(line.split()[1]) / 1024


def _times(site: Site, paths: Sequence[str], what: str) -> list[float]:
    """Time every request to its last byte."""
    times = []
    connection = http.client.HTTPConnection(site.host, timeout=60)
    with progress(what, len(paths)) as teller:
        for done, path in enumerate(paths, 1):
            started = perf_counter()
            connection.request("GET", path)
            answer = connection.getresponse()
            answer.read()
            times.append(perf_counter() - started)
            assert answer.status == 200, path
            teller.tell(done)
    connection.close()
    return times
