"""What two accounts of one learner did comes together: the stronger standing, the newer review."""

from __future__ import annotations

from datetime import timedelta

from flask import Flask

from academy.accounts.models import Person
from academy.db import db, unit_of_work
from academy.secretariat import operations
from academy.secretariat.plugged import belongings, consequences
from academy.secretariat.queries import belongings_of
from courses.catalogue.content import RunContent
from courses.enrolment.models import Enrolment, Standing
from courses.feedback.models import Review
from tests.making import NOW, make_person
from tests.taking_part import answers, enrol, make_run, review, taken, withdraw

LATER = NOW + timedelta(days=1)


def test_two_learners_become_one(app: Flask) -> None:
    old, kept = make_person("old@example.org"), make_person("kept@example.org")
    both = make_run(RunContent(capacity=5), title="Water")
    alone = make_run(RunContent(capacity=5), title="Housing", issues=("housing",))
    for person in (old, kept):
        enrol(person, both, now=NOW)
    enrol(old, alone, now=NOW)
    review(kept, both, answers("The older one."), now=NOW)
    review(old, both, answers("The newer one."), now=LATER)
    withdraw(kept, both, now=LATER)
    told = belongings_of(db.session.get_one(Person, old.id), belongings())
    assert told == ["2 runs taken part in", "1 review"]

    with unit_of_work():
        first, second = (db.session.get_one(Person, one.id) for one in (old, kept))
        operations.merge(first, second, by=None, follows=consequences(), now=LATER)
    found = db.session.query(Enrolment).order_by(Enrolment.run_id)
    assert [(one.person_id, one.standing) for one in found] == [
        (kept.id, Standing.ENROLLED),
        (kept.id, Standing.ENROLLED),
    ]
    assert [(one.person_id, one.text) for one in db.session.query(Review)] == [
        (kept.id, "The newer one.")
    ]
    assert [taken(reference) for reference in (both, alone)] == [1, 1]
