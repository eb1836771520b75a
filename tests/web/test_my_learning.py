"""My learning: grouped by what there is to do, each row speaking of the run one takes part in."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from academy.accounts.models import Person
from academy.db import db, unit_of_work, utcnow
from courses.catalogue.content import RunContent
from courses.catalogue.models import Kind, Offer
from courses.catalogue.operations import withdraw as withdraw_offer
from courses.catalogue.runs import Run
from courses.enrolment.models import Progress
from courses.saving.models import SavedOffer
from courses.search.find import index_folder
from courses.search.indexing import rebuild
from tests.making import make_offer, make_person
from tests.taking_part import declare, enrol, make_run, review, withdraw
from tests.visiting import Visitor

NOW, DAY = utcnow(), timedelta(days=1)
GOING = RunContent(NOW - 7 * DAY, NOW + 9 * DAY)
PAST = RunContent(NOW - 9 * DAY, NOW - 7 * DAY)
GROUP = re.compile(r'<h2 id="h-group-\d">([^<]*)</h2>(.*?)</section>', re.DOTALL)
TITLE = re.compile(r"<h3><a [^>]*>([^<]*)</a></h3>")
BUTTON = re.compile(r'<(?:button|a class="btn)[^>]*>([^<]*)<')


def coming(days: int) -> RunContent:
    """Make a run that begins in so many days."""
    return RunContent(NOW + days * DAY, NOW + (days + 1) * DAY)


def groups(visitor: Visitor) -> dict[str, list[str]]:
    """Give the titles under each heading."""
    found = GROUP.findall(visitor.page("/en/my"))
    return {heading: TITLE.findall(part) for heading, part in found}


def buttons(visitor: Visitor) -> list[str]:
    """Give what the buttons of the page's main part say."""
    main = visitor.page("/en/my").partition("<main")[2].partition("</main>")[0]
    return [text.strip() for text in BUTTON.findall(main)]


def test_rows_are_grouped_by_what_there_is_to_do(visitor: Visitor, ana: Person) -> None:
    for title, run in (("Going", GOING), ("Open", RunContent()), ("Later", coming(9))):
        enrol(ana, make_run(run, title=title), now=NOW)
    enrol(ana, make_run(coming(3), title="Soon"), now=NOW)
    enrol(ana, make_run(PAST, title="Held", kind=Kind.WEBINAR), now=NOW - 10 * DAY)
    told = enrol(ana, make_run(GOING, title="Told"), now=NOW)
    declare(ana, told.reference, Progress.STOPPED, now=NOW)
    done = make_run(PAST, title="Done")
    enrol(ana, done, now=NOW - 8 * DAY)
    review(ana, done, now=NOW)
    assert groups(visitor) == {
        "Going on": ["Open", "Going"],
        "Coming up": ["Soon", "Later"],
        "Waiting for your feedback": ["Told", "Held"],
        "Finished or over": ["Done"],
    }


def test_what_one_takes_part_in_is_not_listed_again_as_saved(visitor: Visitor, ana: Person) -> None:
    for run, title in ((GOING, "Going"), (PAST, "Once more")):
        enrol(ana, make_run(run, title=title, kind=Kind.WEBINAR), now=NOW - 10 * DAY)
    make_run(GOING, title="Later")
    with unit_of_work():
        for offer in db.session.scalars(select(Offer)):
            db.session.add(SavedOffer(person_id=ana.id, offer_id=offer.id, saved_at=NOW))
    kept = visitor.page("/en/my").partition("Saved for later")[2].partition("</section>")[0]
    assert TITLE.findall(kept) == ["Later", "Once more"]


def test_what_was_withdrawn_from_is_gone(visitor: Visitor, ana: Person) -> None:
    run = make_run(GOING)
    enrol(ana, run, now=NOW)
    withdraw(ana, run, now=NOW)
    assert groups(visitor) == {"Going on": []}


def test_who_takes_part_in_nothing_gets_something_to_begin_with(app: Flask, ana: Person) -> None:
    make_run(GOING)
    rebuild(index_folder(), now=NOW, progress=lambda _done, _total: None)
    page = Visitor(app, ana).page("/en/my")
    assert "You take part in nothing at the moment." in page
    assert TITLE.findall(page.partition('id="h-suggest"')[2]) == ["Water for all"]


def test_a_row_speaks_of_the_run_one_takes_part_in(visitor: Visitor, ana: Person) -> None:
    offer = make_offer(runs=[PAST, coming(30)])
    runs = select(Run.reference).join(Offer).where(Offer.id == offer.id).order_by(Run.starts_at)
    enrol(ana, db.session.scalars(runs).all()[0], now=NOW - 8 * DAY)
    page = visitor.page("/en/my")
    assert (page.count(" Ended <time"), page.count(" Starts <time")) == (1, 0)


@pytest.mark.parametrize(
    ("run", "kind", "said"),
    [
        (coming(3), Kind.COURSE, ["Go to the institution’s site"]),
        (coming(3), Kind.WEBINAR, ["Go to the institution’s site"]),
        (
            GOING,
            Kind.COURSE,
            ["Go to the institution’s site", "I finished", "I stopped", "Say how it was"],
        ),
        (PAST, Kind.WEBINAR, ["Say how it was"]),
        (PAST, Kind.COURSE, ["I finished", "I stopped", "Say how it was"]),
    ],
)
def test_a_row_offers_what_makes_sense_now(
    visitor: Visitor, ana: Person, run: RunContent, kind: Kind, said: list[str]
) -> None:
    reference = make_run(run, kind=kind, address="https://school.example/water")
    enrol(ana, reference, now=NOW - 10 * DAY)
    assert buttons(visitor) == said


def test_what_was_reviewed_can_be_changed(visitor: Visitor, ana: Person) -> None:
    run = make_run(PAST, kind=Kind.WEBINAR)
    enrol(ana, run, now=NOW - 10 * DAY)
    review(ana, run, now=NOW)
    assert buttons(visitor) == ["Change what you said"]


def test_nobody_sees_the_learning_of_somebody_else(app: Flask, ana: Person) -> None:
    enrol(ana, make_run(GOING), now=NOW)
    ben = Visitor(app, make_person("ben@example.org"))
    assert groups(ben) == {"Going on": []}
    assert Visitor(app).get("/en/my").headers["Location"] == "/en/sign-in?next=/en/my"


def test_what_the_institution_has_withdrawn_is_said_to_be_gone_and_leads_nowhere(
    visitor: Visitor, ana: Person
) -> None:
    run = make_run(GOING, title="Rivers")
    enrol(ana, run)
    with unit_of_work():
        withdraw_offer(
            db.session.scalars(select(Offer).where(Offer.slug == "rivers")).one(), now=NOW
        )

    page = visitor.get("/en/my").get_data(as_text=True)

    assert page.count("No longer offered by the institution") == 1
    assert "/en/learn/rivers" not in page
