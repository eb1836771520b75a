"""What can be done around meetings: join, remind, and tell of what changed."""

from __future__ import annotations

from datetime import datetime, timedelta

from academy.accounts.models import Person
from academy.db import db
from academy.notices.operations import notify
from courses.catalogue.runs import Meeting, Run
from courses.enrolment.models import Enrolment
from courses.webinars import queries, rules

STILL_REMINDED = timedelta(hours=2)
"""For how long after it was due a reminder is still written, had the worker been away."""


def join(enrolment: Enrolment, run: Run, *, now: datetime) -> Meeting:
    """Note that the person went in to the run's meeting of now, and give the meeting.

    Refuses with OfferWithdrawn, NotEnrolled or DoorsClosed.
    """
    meeting = rules.check_may_join(enrolment, run, now)
    enrolment.joined_at = enrolment.joined_at or now
    return meeting


def remind(kind: str, *, now: datetime, limit: int) -> int:
    """Write down the reminders of a kind that are due within minutes; tells how many.

    Who came to take part after a reminder was due knows when the meeting is; a meeting that was
    moved is reminded of anew, by the time it then has.
    """
    lead = rules.REMINDERS[kind]
    after = max(now, now + lead - STILL_REMINDED)
    coming = queries.expected(after=after, until=now + lead + rules.LOOK_AHEAD)
    meant = {f"{kind}:{one.about}": one for one in coming if one.since <= one.starts_at - lead}
    known = queries.told_already(meant)
    untold = [one for key, one in meant.items() if key not in known][:limit]
    people = queries.people_of(one.enrolment for one in untold)
    for one in untold:
        notify(
            kind,
            people[one.enrolment],
            about=one.about,
            now=now,
            due_at=one.starts_at - lead,
            expires_at=one.starts_at,
            enrolment=one.enrolment,
            uid=one.uid,
            starts_at=one.starts_at.isoformat(),
        )
    return len(untold)


def tell_of_changes(*, now: datetime, limit: int) -> int:
    """Tell those who take part of meetings that were moved or cancelled; tells how many.

    Once for each change: what changed twice before anybody was told is told as it now is.
    """
    told = 0
    for meeting in queries.untold_meetings(limit=limit):
        told += _tell_of(meeting, now, limit)
        if told >= limit:
            break
    return told


def _tell_of(meeting: Meeting, now: datetime, limit: int) -> int:
    coming = meeting.starts_at > now
    # Notices are told apart by the sequence: those already written are found again, not doubled.
    people = queries.not_told_of(meeting, limit=limit) if coming else []
    for enrolment in people:
        notify(
            "meeting-changed",
            enrolment.person,
            about=f"{enrolment.reference}:{meeting.uid}:{meeting.sequence}",
            now=now,
            expires_at=meeting.ends_at,
            enrolment=enrolment.reference,
            uid=meeting.uid,
            sequence=meeting.sequence,
        )
    if len(people) < limit:
        meeting.told_sequence = meeting.sequence
    db.session.flush()
    return len(people)


def merge(old: Person, kept: Person) -> None:
    """Hand over what an account that becomes part of another moderates."""
    theirs = {one.run_id for one in queries.facilitations_of(kept)}
    for one in queries.facilitations_of(old):
        if one.run_id in theirs:
            db.session.delete(one)
        else:
            one.person_id = kept.id
    db.session.flush()
