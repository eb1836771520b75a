"""Enrolling, waiting, withdrawing, blocking and places, in any order: the list is always right."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any, ClassVar

from flask import Flask
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    rule,
    run_state_machine_as_test,
)
from sqlalchemy import select

from academy.accounts.models import Person
from academy.db import db, unit_of_work
from courses.catalogue import operations as catalogue
from courses.catalogue.queries import offers_by_id, run_by_reference
from courses.catalogue.runs import Run
from courses.enrolment import operations
from courses.enrolment.models import Enrolment, Standing
from tests.making import NOW, content, make_person
from tests.taking_part import COMING, make_run

PEOPLE = 7
who = st.integers(0, PEOPLE - 1)
places = st.one_of(st.none(), st.integers(0, 4))


class WaitingList(RuleBasedStateMachine):
    """A run beside a plain list of who is in and who waits."""

    people: ClassVar[list[int]] = []

    @initialize(capacity=places)
    def begin(self, capacity: int | None) -> None:
        """Make a run, and let everybody in who was blocked."""
        self.now = NOW
        self.capacity = capacity
        self.inside: list[int] = []
        self.queue: list[int] = []
        self.blocked: set[int] = set()
        with unit_of_work():
            for person in db.session.scalars(select(Person)):
                person.blocked_at = None
        self.run = make_run(replace(COMING, capacity=capacity))

    def _act(self, act: Any) -> None:
        self.now += timedelta(seconds=1)
        with unit_of_work():
            act(run_by_reference(self.run))

    def _person(self, number: int) -> Person:
        return db.session.get_one(Person, self.people[number])

    def _move_up(self) -> None:
        while self.queue and (self.capacity is None or len(self.inside) < self.capacity):
            self.inside.append(self.queue.pop(0))

    def _leave(self, number: int) -> None:
        self.inside = [one for one in self.inside if one != number]
        self.queue = [one for one in self.queue if one != number]
        self._move_up()

    @rule(number=who)
    def enrol(self, number: int) -> None:
        """Somebody enrols, perhaps once more."""
        if number in self.blocked:
            return
        self._act(lambda run: operations.enrol(self._person(number), run, now=self.now))
        if number not in self.inside + self.queue:
            self.queue.append(number)
            self._move_up()

    @rule(number=who)
    def withdraw(self, number: int) -> None:
        """Somebody withdraws, perhaps once more."""
        self._act(lambda run: operations.withdraw(self._person(number), run, now=self.now))
        self._leave(number)

    @rule(number=who)
    def block(self, number: int) -> None:
        """A steward blocks somebody."""

        def act(_run: Run) -> None:
            person = self._person(number)
            person.blocked_at = self.now
            operations.release(person, now=self.now)

        self._act(act)
        self.blocked.add(number)
        self._leave(number)

    @rule(capacity=places)
    def change_places(self, capacity: int | None) -> None:
        """The institution changes how many places there are: nobody loses one."""

        def act(run: Run) -> None:
            offer = offers_by_id([run.offer_id])[run.offer_id]
            said = content(runs=[replace(COMING, capacity=capacity)])
            catalogue.revise(offer, said, now=self.now)

        self._act(act)
        self.capacity = None if capacity is None else max(capacity, len(self.inside))
        self._move_up()

    @invariant()
    def agree(self) -> None:
        """Those inside and those who wait are the same, and so are the counts."""
        if not hasattr(self, "run"):
            return
        db.session.rollback()
        run = run_by_reference(self.run)
        rows = select(Enrolment).where(Enrolment.run_id == run.id)
        found = db.session.scalars(rows.order_by(Enrolment.waiting_since, Enrolment.id)).all()
        number = {key: place for place, key in enumerate(self.people)}
        inside = {number[one.person_id] for one in found if one.standing is Standing.ENROLLED}
        queue = [number[one.person_id] for one in found if one.standing is Standing.WAITING]
        assert (inside, queue) == (set(self.inside), self.queue)
        assert (run.taken, run.capacity) == (len(self.inside), self.capacity)
        assert run.capacity is None or run.taken <= run.capacity
        assert not queue or run.taken == run.capacity


def test_whatever_people_do_the_list_is_right(app: Flask) -> None:
    WaitingList.people = [make_person(f"peer{number}@example.org").id for number in range(PEOPLE)]
    run_state_machine_as_test(
        WaitingList,
        settings=settings(
            max_examples=25,
            stateful_step_count=25,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
