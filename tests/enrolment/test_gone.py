"""Offers that nobody can lead to any more: nobody enrols there."""

from __future__ import annotations

import pytest
from sqlalchemy import func, select, update

from academy.db import db, unit_of_work
from courses.catalogue.models import Offer
from courses.enrolment.models import Enrolment
from courses.enrolment.rules import EnrolmentClosed
from tests.making import NOW, make_person
from tests.taking_part import OPEN, enrol, make_run

pytestmark = pytest.mark.usefixtures("app")


@pytest.mark.parametrize("what", ["vanished_at", "broken_at"])
def test_nobody_enrols_in_what_its_source_or_its_address_is_silent_of(what: str) -> None:
    person, run = make_person(), make_run(OPEN)
    with unit_of_work():
        db.session.execute(update(Offer).values({what: NOW}))
    with pytest.raises(EnrolmentClosed):
        enrol(person, run)
    assert db.session.scalar(select(func.count(Enrolment.id))) == 0
