"""Finding by who an offer is for: both engines, the page, the API, and what search engines read."""

from __future__ import annotations

import json
import re
from collections import Counter
from typing import Any

import pytest
from flask import Flask

from academy.db import db
from courses.catalogue.models import Offer
from courses.catalogue.queries import whole
from courses.feeds.jsonld import offer_jsonld
from courses.search.engine import Found, Question
from courses.search.find import find
from courses.search.params import SearchParams
from courses.search.plain.engine import Plain
from courses.vocabularies.models import Vocabulary
from tests.making import NOW, make_offer
from tests.search.indexed import indexed
from tests.visiting import Visitor

OPEN = re.compile(r'<details class="facet fold" id="facet-audience"( open)?>')


@pytest.fixture
def three(app: Flask) -> Flask:
    """Three offers: for elected people, for these and staff, and for nobody in particular."""
    make_offer("Water for mayors", audiences=["elected"])
    make_offer("Water for all in the town hall", audiences=["elected", "staff"])
    make_offer("Heat", issues=["climate"])
    indexed(app)
    return app


def both(**chosen: str) -> Found:
    """Ask both engines, which agree."""
    params = SearchParams("", {name: (value,) for name, value in chosen.items()})
    found, plain = find(params, now=NOW), Plain().search(Question(params, NOW))
    assert found.away is False
    assert (found.total, found.counts) == (plain.total, plain.counts)
    return found


@pytest.mark.usefixtures("three")
def test_each_audience_is_counted_and_narrows_the_others() -> None:
    assert both().counts["audience"] == Counter({"elected": 2, "staff": 1})
    staff = both(audience="staff")
    assert (staff.total, staff.counts["issue"]) == (1, Counter({"water": 1}))
    # Blind to its own choice: another audience would add to this one.
    assert staff.counts["audience"] == Counter({"elected": 2, "staff": 1})
    assert both(audience="staff", issue="climate").total == 0


@pytest.mark.usefixtures("three")
def test_the_word_for_an_audience_is_a_word_and_no_filter() -> None:
    found = find(SearchParams("mayors"), now=NOW)
    assert (found.total, found.counts["audience"]) == (1, Counter({"elected": 1}))


def test_the_page_keeps_it_closed_until_it_is_chosen(three: Flask) -> None:
    visitor = Visitor(three)
    plain, chosen = (visitor.page(f"/en/learn{query}") for query in ("", "?audience=elected"))
    assert (OPEN.findall(plain), OPEN.findall(chosen)) == ([""], [" open"])
    assert "Elected representatives" in chosen[chosen.index('class="chips') :][:600]
    assert "Autoridades electas" in visitor.page("/es/learn?audience=elected")


def test_the_api_takes_and_gives_codes_and_refuses_others(three: Flask) -> None:
    client = three.test_client()
    answer = client.get("/api/v1/offers?audience=staff").get_json()
    assert [one["audiences"] for one in answer["offers"]] == [["elected", "staff"]]
    assert answer["facets"]["audience"] == {"elected": 2, "staff": 1}
    refused = client.get("/api/v1/offers?audience=martians")
    assert refused.status_code == 422
    assert refused.get_json()["errors"] == {"audience": "“martians” is unknown here."}
    terms = client.get("/api/v1/vocabularies/audience").get_json()["terms"]
    assert (len(terms), terms[0]["labels"]["fr"]) == (11, "Élus locaux")


@pytest.mark.usefixtures("three")
def test_search_engines_read_it_as_an_audience_in_the_readers_language() -> None:
    offer = db.session.scalars(db.select(Offer).options(*whole()).order_by(Offer.id)).first()
    assert offer is not None
    told: dict[str, Any] = json.loads(
        json.dumps(offer_jsonld(offer, url="https://academy.example/x", reader="es"))
    )
    assert told["audience"] == [{"@type": "Audience", "audienceType": "Autoridades electas"}]


def test_most_offers_of_the_demonstration_network_say_for_whom(shown: Flask) -> None:
    with shown.app_context():
        told = [
            {term.code for term in offer.terms if term.vocabulary is Vocabulary.AUDIENCE}
            for offer in db.session.scalars(db.select(Offer).options(*whole()))
        ]
    assert len(told) == 60
    assert sum(map(bool, told)) > 50
    assert len(set().union(*told)) >= 6
