"""How what an institution offers was received, as those who work there read it."""

from __future__ import annotations

import html

from flask import Flask

from academy.db import utcnow
from academy.institutions.models import MemberRole
from courses.feedback.models import ReviewState
from tests.making import make_person
from tests.staff import make_member
from tests.taking_part import BEGUN, answers, decide, enrol, make_run, review, reviewed_by
from tests.visiting import Visitor

DESK = "/en/institutions/river-school/desk"
REVIEWS = f"{DESK}/reviews"


def said(email: str, text: str, run: str, state: ReviewState) -> None:
    """Let somebody take part and say something."""
    person = make_person(email, name="Bea")
    enrol(person, run)
    review(person, run, answers(text), now=utcnow())
    decide(person, run, state)


def test_what_everybody_reads_is_listed_newest_first_without_names(app: Flask) -> None:
    run, theirs = make_run(BEGUN), make_run(BEGUN, institution="hill-school")
    said("p1@example.org", "The first.", run, ReviewState.SHOWN)
    said("p2@example.org", "The second.<script>alert(1)</script>", run, ReviewState.SHOWN)
    said("p3@example.org", "Not decided.", run, ReviewState.HELD)
    said("p4@example.org", "Not decent.", run, ReviewState.HIDDEN)
    said("p5@example.org", "Of others.", theirs, ReviewState.SHOWN)
    page = Visitor(app, make_member(MemberRole.REPORTER)).page(REVIEWS)
    assert "2 reviews" in page
    assert page.index("The second.") < page.index("The first.")
    for hidden in ("Not decided.", "Not decent.", "Of others.", "Bea", "<script>alert"):
        assert hidden not in page


def test_shares_are_shown_from_five_reviews_on(app: Flask) -> None:
    run, visitor = make_run(BEGUN), Visitor(app, make_member())
    reviewed_by(4, run, yes=3)
    assert "Shares are shown from five reviews on." in visitor.page(REVIEWS)
    said("p5@example.org", "Fine.", run, ReviewState.SHOWN)
    page = visitor.page(REVIEWS)
    assert "Would send a colleague" in page
    assert '<span class="val">80%</span>' in page


def test_the_front_page_counts_what_is_new(app: Flask) -> None:
    run, visitor = make_run(BEGUN), Visitor(app, make_member(MemberRole.REPORTER))
    assert "new review" not in visitor.page(DESK)
    said("p1@example.org", "Good.", run, ReviewState.SHOWN)
    said("p2@example.org", "Held.", run, ReviewState.HELD)
    assert "1 new review in the last 30 days." in html.unescape(visitor.page(DESK))


def test_an_empty_list_says_how_it_will_be_filled(app: Flask) -> None:
    page = Visitor(app, make_member()).page(REVIEWS)
    assert "Nobody has said anything yet." in page
