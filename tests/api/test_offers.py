"""The API says what the page says, in JSON, and nothing that is not for everybody."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from datetime import datetime
from html import unescape
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from academy.db import db, unit_of_work
from courses.catalogue.models import Offer
from courses.catalogue.runs import Meeting
from courses.search.params import When
from courses.vocabularies.models import Term, Vocabulary

QUERIES = (
    "",
    "q=water",
    "q=vivienda",
    "language=es&language=fr",
    "issue=governance&kind=webinar",
    "q=city&section=uclg-africa&sort=soonest",
    "methodology=mooc&sort=reviewed",
    "page=2",
    "sort=newest&page=3",
    "q=xyzzyplugh",
    "institution=lake-towns-college",
    "when=past",
    "when=past&when=upcoming&cost=free",
    "q=water+xylophone",
    "region=002&level=introductory&certificate=free&data=small",
)
LINK = re.compile(r'href="/en/learn/([^"?/]+)"')
TICK = re.compile(
    r'name="(\w+)" id="[^"]+" value="([^"]+)"[^>]*?>.*?<span class="n">([^<]*)</span>', re.DOTALL
)
ANNOUNCED = re.compile(r'data-announced="(\d*)')


def told(app: Flask, path: str) -> Any:
    answer = app.test_client().get(f"/api/v1/{path}")
    assert (answer.status_code, answer.mimetype) == (200, "application/json")
    return answer.get_json()


@pytest.mark.parametrize("query", QUERIES)
def test_the_list_is_that_of_the_page(shown: Flask, query: str) -> None:
    answer = told(shown, f"offers?{query}")
    page = unescape(shown.test_client().get(f"/en/learn?{query}").text)
    results = page[page.index('<section id="results"') :]
    assert list(dict.fromkeys(LINK.findall(results))) == [
        offer["slug"] for offer in answer["offers"]
    ]
    assert int(ANNOUNCED.findall(page)[0] or 0) == answer["total"]
    shown_counts = {(name, value): int(number) for name, value, number in TICK.findall(page)}
    counts = {
        (facet, value): number
        for facet, counted in answer["facets"].items()
        for value, number in counted.items()
    }
    if answer["total"] and "when=" not in query:
        # The page speaks of what is over only to who asks for it, or finds nothing else.
        counts.pop(("when", "past"), None)
    some = {key: number for key, number in shown_counts.items() if number}
    # Of regions the page shows the six with most offers, and the pages of regions the others.
    assert {key for key in some if key[0] == "region"} <= counts.keys()
    assert some == {key: n for key, n in counts.items() if key[0] != "region" or key in some}


def test_the_list_tells_what_became_of_the_words(shown: Flask) -> None:
    everything, water, other, nothing = (
        told(shown, f"offers?{query}")
        for query in ("", "q=water", "q=water+xylophone", "q=xyzzyplugh")
    )
    assert (everything["outcome"], everything["with_all_words"]) == (
        "everything",
        everything["total"],
    )
    assert (water["outcome"], water["with_all_words"]) == ("all-words", water["total"])
    assert (other["outcome"], other["with_all_words"]) == ("some-words", 0)
    assert other["total"] >= water["total"] > 0
    assert (nothing["outcome"], nothing["with_all_words"], nothing["total"]) == ("nothing", 0, 0)


def test_the_list_tells_which_word_nobody_has_and_what_was_probably_meant(shown: Flask) -> None:
    mistyped, known = (told(shown, f"offers?q={query}") for query in ("sanitatoin", "sanitation"))
    assert (mistyped["unknown_words"], mistyped["corrected"]) == (["sanitatoin"], "sanitation")
    assert (known["unknown_words"], known["corrected"], known["near"]) == ([], None, [])


def test_what_is_over_is_told_to_who_asks_for_it(shown: Flask) -> None:
    lasting, over, both = (
        told(shown, f"offers?{query}")
        for query in ("", "when=past", "&".join(f"when={one}" for one in When))
    )
    assert lasting["facets"]["when"]["past"] == over["total"] > 0
    assert both["total"] == lasting["total"] + over["total"]
    slugs = [{offer["slug"] for offer in answer["offers"]} for answer in (lasting, over)]
    assert slugs[0] & slugs[1] == set()


def test_the_pages_lead_from_one_to_the_next(shown: Flask) -> None:
    seen, following = [], "/api/v1/offers?language=en&sort=newest"
    while following:
        answer = told(shown, following.removeprefix("/api/v1/"))
        seen.append((answer["page"], len(answer["offers"])))
        following = answer["next"]
    assert sum(number for _, number in seen) == answer["total"] > answer["page_size"] == 20
    assert [page for page, _ in seen] == list(range(1, len(seen) + 1))


def test_an_offer_by_itself_is_the_offer_of_the_list(shown: Flask) -> None:
    for offer in told(shown, "offers?page=2")["offers"]:
        assert told(shown, f"offers/{offer['slug']}") == offer
        assert shown.test_client().get(offer["url"]).status_code == 200


def test_an_offer_says_what_the_database_holds(shown: Flask) -> None:
    offer = told(shown, "offers")["offers"][0]
    with shown.app_context():
        row = db.session.scalars(select(Offer).where(Offer.slug == offer["slug"])).one()
        assert (offer["kind"], offer["language"]) == (row.kind, row.language)
        assert (offer["review_count"], offer["sample"]) == (row.review_count, True)
        assert datetime.fromisoformat(offer["changed"]) == row.changed_at


def test_the_vocabularies_are_those_of_the_database(shown: Flask) -> None:
    answer = told(shown, "vocabularies")
    assert [one["vocabulary"] for one in answer] == [name.value for name in Vocabulary]
    for one in answer:
        assert told(shown, f"vocabularies/{one['vocabulary']}") == one
        with shown.app_context():
            codes = select(Term.code).where(Term.vocabulary == one["vocabulary"])
            assert sorted(term["code"] for term in one["terms"]) == sorted(
                db.session.scalars(codes)
            )
    issues = {term["code"]: term for term in answer[0]["terms"]}
    assert (issues["participation"]["broader"], issues["governance"]["broader"]) == (
        "governance",
        None,
    )


def strings(part: Any) -> Iterator[str]:
    """Give every string inside an answer."""
    if isinstance(part, dict):
        part = list(part.values())
    if isinstance(part, list):
        for inner in part:
            yield from strings(inner)
    elif isinstance(part, str):
        yield part


def test_every_moment_carries_its_offset(shown: Flask) -> None:
    moments = [
        text
        for page in (1, 2, 3)
        for text in strings(told(shown, f"offers?page={page}"))
        if re.match(r"\d{4}-\d\d-\d\d", text)
    ]
    assert len(moments) > 100
    assert {datetime.fromisoformat(moment).utcoffset() is None for moment in moments} == {False}


def test_the_way_into_a_meeting_is_told_to_nobody(demonstration: Flask) -> None:
    with demonstration.app_context(), unit_of_work():
        for number, meeting in enumerate(db.session.scalars(select(Meeting))):
            meeting.join_link = f"https://meet.example.org/secret-{number}"
        assert number > 5
    answers = [told(demonstration, f"offers?page={page}") for page in (1, 2, 3)]
    answers += [told(demonstration, f"offers/{one['slug']}") for one in answers[0]["offers"]]
    assert sum(len(run["meetings"]) for one in answers[0]["offers"] for run in one["runs"]) > 0
    assert json.dumps(answers).count("secret-") == 0


def test_a_withdrawn_offer_is_not_told(demonstration: Flask) -> None:
    slug = told(demonstration, "offers")["offers"][0]["slug"]
    with demonstration.app_context(), unit_of_work():
        db.session.scalars(select(Offer).where(Offer.slug == slug)).one().state = "archived"  # type: ignore[assignment]
    assert demonstration.test_client().get(f"/api/v1/offers/{slug}").status_code == 410
    assert slug not in {offer["slug"] for offer in told(demonstration, "offers")["offers"]}
