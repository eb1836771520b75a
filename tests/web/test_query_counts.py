"""A list asks the database as often for three rows as for one."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask

from academy.accounts.models import Person
from academy.db import utcnow
from courses.catalogue.content import LanguageContent, MeetingContent, RunContent
from courses.catalogue.models import Kind
from courses.catalogue.texts import LanguageRole
from courses.feedback.models import ReviewState
from courses.search.find import index_folder
from courses.search.indexing import rebuild
from tests.making import make_person
from tests.questions import asked_for
from tests.taking_part import answers, decide, enrol, make_run, review
from tests.visiting import Visitor

TOMORROW = utcnow() + timedelta(days=1)
HOUR = timedelta(hours=1)
LISTS = {
    "catalogue": "/en/learn",
    "catalogue with words and filters": "/en/learn?q=water&language=en&sort=soonest",
    "catalogue read in another language": "/ar/learn",
    "institution": "/en/institutions/river-school",
    "my learning": "/en/my",
    "front page": "/en/",
    "API": "/api/v1/offers",
}


def live(number: int) -> RunContent:
    """Make a run with an hour of its own."""
    starts = TOMORROW + number * HOUR
    return RunContent(starts, starts + HOUR, meetings=[MeetingContent(starts, starts + HOUR)])


def make_pair(number: int, person: Person) -> None:
    """Make a webinar and a course that differ from all others; the person takes part in both."""
    languages = [LanguageContent("en"), LanguageContent("fr", LanguageRole.SUBTITLES)]
    issues = ("water", ("housing", "climate", "mobility")[number])
    webinar = make_run(
        live(number), title=f"Water live {number}", kind=Kind.WEBINAR, languages=languages
    )
    course = make_run(RunContent(), title=f"Water course {number}", issues=issues, summary="Short.")
    for run in (webinar, course):
        enrol(person, run, now=utcnow())
    review(person, course, answers("Useful."), now=utcnow())
    decide(person, course, ReviewState.SHOWN)


@pytest.mark.parametrize("path", LISTS.values(), ids=LISTS)
def test_three_rows_take_as_many_questions_as_one(app: Flask, path: str) -> None:
    ana = make_person()
    visitor = Visitor(app, ana)
    make_pair(0, ana)
    rebuild(index_folder(), now=utcnow(), progress=lambda _done, _total: None)
    visitor.page(path)
    one = asked_for(visitor, path)
    make_pair(1, ana)
    make_pair(2, ana)
    rebuild(index_folder(), now=utcnow(), progress=lambda _done, _total: None)
    visitor.page(path)
    three = asked_for(visitor, path)
    assert three == one
    assert len(one) > 3
    assert "Water course 2" in visitor.page(path)
