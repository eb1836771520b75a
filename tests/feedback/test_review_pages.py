"""The form of a review and what the offer's page shows of it: role and city size, no name."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from academy.accounts.models import Person
from academy.db import db, utcnow
from courses.catalogue.content import RunContent
from courses.feedback.models import Review, ReviewState
from tests.making import make_person
from tests.taking_part import answers, decide, enrol, make_run, review, reviewed_by, withdraw
from tests.visiting import Visitor

NAME = "Quiteunmistakable Nguyễn-Öztürk"
OFFER = "/en/learn/water-for-all"
SAID = {"colleague": "yes", "city": "no", "length": "yes", "connection": "yes"}
SHARE = re.compile(r'<li class="meter"><span>([^<]*)</span>.*?<span class="val">([^<]*)</span>')


@pytest.fixture
def ana(app: Flask) -> Person:
    """Somebody with a name that stands nowhere else."""
    return make_person(name=NAME)


@pytest.fixture
def run(ana: Person) -> str:
    """A run that is always open, in which Ana takes part."""
    reference = make_run(RunContent())
    enrol(ana, reference, now=utcnow())
    return reference


@pytest.fixture
def visitor(app: Flask, ana: Person) -> Visitor:
    """Ana at her browser."""
    return Visitor(app, ana)


def written() -> Review:
    """Load the one review there is."""
    return db.session.scalars(select(Review)).one()


def test_the_form_asks_four_questions_and_shows_nothing_chosen(visitor: Visitor, run: str) -> None:
    page = visitor.page(f"/en/runs/{run}/review")
    asked = re.findall(r'<input type="radio" name="(\w+)" value="(\w+)"', page)
    names = ("colleague", "city", "length", "connection")
    assert asked == [(name, value) for name in names for value in ("yes", "no")]
    assert " checked" not in page


def test_a_review_is_kept_and_its_writer_told_that_somebody_reads_it_first(
    visitor: Visitor, run: str
) -> None:
    told = SAID | {"text": "Bring maps.", "language": "fr", "role": "technical", "size": "small"}
    answer = visitor.post(f"/en/runs/{run}/review", **told)
    assert (answer.status_code, answer.headers["Location"]) == (303, f"{OFFER}#feedback")
    kept = written()
    assert (kept.colleague, kept.city, kept.length, kept.connection) == (True, False, True, True)
    assert (kept.text, kept.language, kept.role, kept.city_size, kept.state) == (
        "Bring maps.",
        "fr",
        "technical",
        "small",
        "held",
    )
    thanks = "Thank you. Somebody reads first reviews before they are shown to all."
    assert thanks in visitor.page(OFFER)


def test_a_held_review_is_not_on_the_page_and_a_shown_one_is(
    app: Flask, visitor: Visitor, ana: Person, run: str
) -> None:
    visitor.post(f"/en/runs/{run}/review", **SAID, text="Bring maps.")
    before = "Bring maps." in Visitor(app).page(OFFER)
    decide(ana, run, ReviewState.SHOWN)
    shown = "Bring maps." in Visitor(app).page(OFFER)
    decide(ana, run, ReviewState.HIDDEN)
    hidden = "Bring maps." in Visitor(app).page(OFFER)
    assert (before, shown, hidden) == (False, True, False)


def test_role_and_city_size_stand_beside_a_review_and_the_name_nowhere(
    app: Flask, visitor: Visitor, ana: Person, run: str
) -> None:
    told = SAID | {"text": "Bring maps.", "role": "elected", "size": "small"}
    visitor.post(f"/en/runs/{run}/review", **told)
    decide(ana, run, ReviewState.SHOWN)
    page = Visitor(app).page(OFFER)
    assert "<bdi>Elected member, City under 50,000 people</bdi>" in page
    everywhere = (OFFER, "/en/", "/en/learn", "/api/v1/offers", "/api/v1/offers/water-for-all")
    assert [path for path in everywhere if NAME in Visitor(app).page(path)] == []
    assert NAME in visitor.page(OFFER)  # in her own account menu, for her alone


def test_missing_answers_come_back_with_what_was_written(visitor: Visitor, run: str) -> None:
    answer = visitor.post(f"/en/runs/{run}/review", colleague="no", text="Half a review.")
    page = answer.get_data(as_text=True)
    assert answer.status_code == 422
    summary = re.findall(r'<li><a href="#f-(\w+)">([^<]*)</a>', page)
    assert summary == [
        ("city", "Does it fit a city like yours? – Please answer this."),
        ("length", "Was the length right? – Please answer this."),
        ("connection", "Did it work on your connection? – Please answer this."),
    ]
    assert re.findall(r'name="(\w+)" value="(\w+)"[^>]* checked', page) == [("colleague", "no")]
    assert ">Half a review.</textarea>" in page
    assert db.session.scalars(select(Review)).all() == []


def test_the_form_comes_back_filled_with_what_was_said_before(visitor: Visitor, run: str) -> None:
    visitor.post(f"/en/runs/{run}/review", **SAID, text="Bring maps.")
    page = visitor.page(f"/en/runs/{run}/review")
    assert dict(re.findall(r'name="(\w+)" value="(\w+)"[^>]* checked', page)) == SAID
    assert ">Bring maps.</textarea>" in page


@pytest.mark.parametrize("send", ["get", "post"])
def test_who_did_not_take_part_meets_a_refusal(app: Flask, run: str, send: str) -> None:
    ben = Visitor(app, make_person("ben@example.org"))
    path = f"/en/runs/{run}/review"
    answer = ben.get(path) if send == "get" else ben.post(path, **SAID)
    sentence = "Only people who took part, in a run that has begun, can say how it was."
    assert (answer.status_code, sentence in answer.get_data(as_text=True)) == (409, True)


def test_who_withdrew_meets_a_refusal(visitor: Visitor, ana: Person, run: str) -> None:
    withdraw(ana, run, now=utcnow())
    assert visitor.post(f"/en/runs/{run}/review", **SAID).status_code == 409
    assert db.session.scalars(select(Review)).all() == []


def test_nobody_reviews_before_the_run_begins(app: Flask, visitor: Visitor, ana: Person) -> None:
    coming = make_run(RunContent(starts_at=utcnow() + timedelta(days=1)), title="Heat")
    enrol(ana, coming, now=utcnow())
    assert visitor.get(f"/en/runs/{coming}/review").status_code == 409
    assert f"/runs/{coming}/review" not in visitor.page("/en/learn/heat")


def test_without_signing_in_the_form_leads_to_the_sign_in_page_and_back(
    app: Flask, run: str
) -> None:
    answer = Visitor(app).get(f"/en/runs/{run}/review")
    back = f"/en/sign-in?next=/en/runs/{run}/review"
    assert (answer.status_code, answer.headers["Location"]) == (303, back)


def test_the_page_shows_each_share_and_how_many_peers_there_are(app: Flask, run: str) -> None:
    reviewed_by(5, run, yes=4)
    page = Visitor(app).page(OFFER)
    assert SHARE.findall(page) == [
        ("Would send a colleague", "80%"),
        ("Fits a city like mine", "100%"),
        ("Right length", "100%"),
        ("Worked on my connection", "100%"),
    ]
    assert '<h2 id="h-says">5 peers have reviewed it</h2>' in page
    assert 'class="w-80"' in page


def test_four_reviews_show_no_share(app: Flask, run: str) -> None:
    reviewed_by(4, run, yes=4)
    page = Visitor(app).page(OFFER)
    assert (SHARE.findall(page), "Shares are shown from five reviews on." in page) == ([], True)


def test_markup_in_a_review_is_text_without_tags(app: Flask, ana: Person, run: str) -> None:
    review(ana, run, answers("<i>Bring</i> maps & <script>alert(1)</script>pens"), now=utcnow())
    decide(ana, run, ReviewState.SHOWN)
    assert '<p class="lines">Bring maps &amp; pens</p>' in Visitor(app).page(OFFER)


def test_a_review_in_another_language_says_so(app: Flask, ana: Person, run: str) -> None:
    review(ana, run, answers("خذوا الخرائط", language="ar"), now=utcnow())
    decide(ana, run, ReviewState.SHOWN)
    assert '<p class="lines"><span lang="ar" dir="auto">خذوا الخرائط</span></p>' in Visitor(
        app
    ).page(OFFER)


def test_a_text_in_several_lines_is_shown_in_several_lines(
    app: Flask, ana: Person, run: str
) -> None:
    review(ana, run, answers("Bring maps.\n\nBring pens."), now=utcnow())
    decide(ana, run, ReviewState.SHOWN)
    assert '<p class="lines">Bring maps.\n\nBring pens.</p>' in Visitor(app).page(OFFER)


def test_the_page_shows_the_latest_reviews_and_folds_away_the_others(app: Flask, run: str) -> None:
    for number in range(22):
        person = make_person(f"peer{number}@example.org")
        enrol(person, run, now=utcnow())
        written_at = utcnow() + timedelta(seconds=number)
        review(person, run, answers(f"Saying {number}."), now=written_at)
        decide(person, run, ReviewState.SHOWN)
    shown, _, folded = Visitor(app).page(OFFER).partition("<summary>15 more</summary>")
    said = re.compile(r"Saying (\d+)\.")
    assert said.findall(shown) == [str(number) for number in range(21, 16, -1)]
    assert said.findall(folded) == [str(number) for number in range(16, 1, -1)]


def test_the_front_page_shows_one_saying_of_an_offer(app: Flask, ana: Person) -> None:
    for title, text in (("Water", "First."), ("Heat", "Second.")):
        run = make_run(RunContent(), title=title)
        for number in range(2):
            person = make_person(f"{title}{number}@example.org")
            enrol(person, run, now=utcnow())
            review(person, run, answers(f"{text} {number}"), now=utcnow())
            decide(person, run, ReviewState.SHOWN)
    quotes = re.findall(r"<blockquote><p>(.*?)</p></blockquote>", Visitor(app).page("/en/"))
    assert quotes == ["Second. 1", "First. 1"]
