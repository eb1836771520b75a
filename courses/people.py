"""What follows in the domain when an account is blocked, erased, or becomes part of another."""

from __future__ import annotations

from datetime import datetime

from academy.accounts.models import Person
from courses.enrolment import operations as enrolment
from courses.feedback import operations as feedback
from courses.saving import operations as saving
from courses.uploads import operations as uploads
from courses.webinars import operations as webinars


def merge(from_person: Person, to_person: Person, now: datetime) -> None:
    """Hand over all that an account has here to the account of which it becomes part.

    In the unit of work in which the accounts are merged.
    """
    enrolment.merge(from_person, to_person, now=now)
    feedback.merge(from_person, to_person)
    saving.merge(from_person, to_person)
    webinars.merge(from_person, to_person)


def forget(person: Person, now: datetime) -> None:
    """Let go of what a person did here, but for counts, in the unit of work of their erasure.

    Their places go to those who wait, what they saved goes, and of their reviews the four answers
    stay that are counted. Spreadsheets are the institution's, and no longer say who gave them.
    """
    enrolment.release(person, now=now)
    saving.forget(person)
    feedback.forget(person)
    uploads.forget(person)


def release(person: Person, now: datetime) -> None:
    """Give the places of somebody who is blocked to those who wait, in the same unit of work."""
    enrolment.release(person, now=now)
