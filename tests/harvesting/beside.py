"""An offer that a source tells of and that people edited: both are kept, side by side."""

from __future__ import annotations

from academy.accounts.models import Person
from academy.db import db, unit_of_work, utcnow
from academy.institutions.queries import institution_by_slug
from courses.editing import operations as editing
from courses.editing import queries, rules
from courses.editing.form import tidy
from courses.harvesting import operations
from courses.harvesting.draft import Feed
from courses.harvesting.running import run_harvest
from tests.harvesting.edited_by_hand import FULL
from tests.harvesting.harvested import lines, offer


def edited_beside_its_source(person: Person, place: str) -> None:
    """Let a source tell of a course, the person say how hard it is, and the source disagree."""
    by = person.id
    with unit_of_work():
        institution = institution_by_slug(place)
        source_id = operations.ensure_source(
            institution, "Our records", adapter="jsonl", zone="UTC", now=utcnow()
        ).id
    _tell(source_id, "beginner")
    slug = offer().slug
    with unit_of_work():
        found = queries.offer_at(institution_by_slug(place), slug)
        form = tidy(
            {**rules.current_form(found, None), "level": "advanced", "methodologies": ["mooc"]}
        )
        editor = db.session.get_one(Person, by)
        seen = rules.state_seen(found, None)
        editing.save(found, form, seen=seen, person=editor, now=utcnow())
        editing.publish(found, person=editor, now=utcnow())
    _tell(source_id, "intermediate")


def _tell(source_id: int, level: str) -> None:
    feed = Feed(lines(FULL | {"level": level}))
    outcome = run_harvest(source_id, feed, "jsonl", progress=lambda _report: None)
    assert outcome.failure is None
    assert outcome.report.rejected == 0
