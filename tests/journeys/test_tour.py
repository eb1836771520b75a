"""Whoever follows the ways they are offered comes to pages that answer, and that are light."""

from __future__ import annotations

import pytest

from academy.access import PUBLIC
from tests.journeys.touring import WHO, Tour
from tests.journeys.weighing import KB, PAGE, SCRIPTS, STYLES, Parts, compressed

pytestmark = pytest.mark.slow
DESK_PAGE = 20 * KB
"""Forms in several languages, and long lists of who did what."""

FEWEST = {"visitor": 60, "learner": 40, "facilitator": 40, "owner": 60, "steward": 100}
"""Ways that were followed, at least: a tour that ends early proves nothing."""


@pytest.mark.parametrize("who", WHO)
def test_no_way_within_a_language_leads_nowhere(tour: Tour, who: str) -> None:
    met = tour.met[who]
    assert len(met) >= FEWEST[who]
    assert {way: one.status_code for way, one in met.items() if one.status_code >= 400} == {}


@pytest.mark.parametrize("who", WHO)
def test_no_way_out_of_a_language_leads_nowhere(tour: Tour, who: str) -> None:
    browser, found = tour.browser(who), tour.elsewhere(who)
    answers = {way: browser.get(way).status_code for way in found}
    assert {way.split("/")[1] for way in found} >= {"fr", "es", "static"}
    assert {way: status for way, status in answers.items() if status >= 400} == {}


@pytest.mark.parametrize("who", WHO)
def test_every_page_on_the_tour_is_light(tour: Tour, who: str) -> None:
    browser, heavy, known = tour.browser(who), [], dict[str, int]()

    def weight(paths: list[str]) -> int:
        for path in paths:
            known.setdefault(path, compressed(browser.get(path).get_data()))
        return sum(known[path] for path in paths)

    for address, answer in tour.met[who].items():
        if answer.mimetype != "text/html" or answer.status_code != 200:
            continue
        access = getattr(tour.app.view_functions[tour.route(address)], "access", None)
        parts = Parts(answer.text)
        measured = {
            "page": (compressed(answer.get_data()), PAGE if access == PUBLIC else DESK_PAGE),
            "styles": (weight(parts.styles), STYLES),
            "scripts": (weight(parts.scripts), SCRIPTS),
        }
        heavy += [
            f"{address}: {name} {now}" for name, (now, most) in measured.items() if now > most
        ]
    assert len(known) >= 2
    assert heavy == []
