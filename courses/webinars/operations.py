"""What can be done around meetings: join, remind, and tell of what changed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l

from academy.accounts.models import Person
from academy.audit import note
from academy.db import db
from academy.errors import Invalid
from academy.institutions.queries import membership_or_none
from academy.notices.operations import notify, notify_each
from academy.text import clean_line, excerpt
from courses.catalogue.runs import Meeting, Run
from courses.enrolment.models import Enrolment
from courses.webinars import moderating, queries, rules
from courses.webinars.models import Facilitation, RunMessage

STILL_REMINDED = timedelta(hours=2)
"""For how long after it was due a reminder is still written, had the worker been away."""


@dataclass(frozen=True, slots=True)
class Letter:
    """What an institution wants to write to all who take part: a line, a text, its language."""

    subject: str
    text: str
    language: str


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


def cleaned(letter: Letter) -> Letter:
    """Give the letter as it will be sent: each line cleaned, line breaks kept.

    Raises Invalid where nothing is left to say.
    """
    lines = [clean_line(one, limit=rules.LONGEST_MESSAGE) for one in letter.text.splitlines()]
    text = excerpt("\n".join(lines).strip(), rules.LONGEST_MESSAGE)
    subject = clean_line(letter.subject, limit=rules.LONGEST_SUBJECT)
    wrong: dict[str, str | LazyString] = {}
    if not subject:
        wrong["subject"] = _l("Give the message a subject.")
    if not text:
        wrong["text"] = _l("Write what you want to say.")
    if wrong:
        raise Invalid(wrong)
    return Letter(subject, text, letter.language)


def write_to_all(run: Run, letter: Letter, *, by: Person, now: datetime) -> RunMessage:
    """Write to everybody who takes part in the run; who waits for a place is not written to.

    Each gets a mail of their own, if they still take part when it is sent. Raises Invalid,
    TooManyMessages or NobodyToWriteTo.
    """
    said = cleaned(letter)
    queries.hold(run)
    recipients = queries.recipients(run)
    lately = queries.messages_since(run, now - rules.PER)
    rules.check_may_write(len(recipients), sent_lately=lately)
    message = RunMessage(run_id=run.id, person_id=by.id, recipients=len(recipients), sent_at=now)
    message.subject, message.text, message.language = said.subject, said.text, said.language
    db.session.add(message)
    db.session.flush()
    notify_each("run-message", _told(message, recipients), now=now)
    note("message-sent", f"run:{run.reference}", by=by, now=now)
    return message


def _told(
    message: RunMessage, recipients: Sequence[Enrolment]
) -> dict[str, tuple[Person, dict[str, str]]]:
    named = {"message": message.reference}
    return {
        f"{message.reference}:{one.reference}": (one.person, named | {"enrolment": one.reference})
        for one in recipients
    }


def appoint(person: Person, run: Run, *, by: Person, now: datetime) -> None:
    """Let a person moderate a run, and write to them. Twice is once. The run has its offer.

    Refuses with WorksElsewhere who does not work for the institution.
    """
    if membership_or_none(person, run.offer.institution) is None:
        raise rules.WorksElsewhere
    queries.hold(run)
    if moderating.facilitation_of(person, run) is None:
        db.session.add(Facilitation(run_id=run.id, person_id=person.id, since=now))
        note("facilitator-appointed", _moderating(person, run), by=by, now=now)
        db.session.flush()
        if person.id != by.id:
            about = f"{_moderating(person, run)}:{now.isoformat()}"
            notify("facilitator-appointed", person, about=about, now=now, run=run.reference)


def dismiss(person: Person, run: Run, *, by: Person, now: datetime) -> None:
    """Let a person moderate a run no longer. Twice is once."""
    found = moderating.facilitation_of(person, run)
    if found is not None:
        db.session.delete(found)
        note("facilitator-dismissed", _moderating(person, run), by=by, now=now)
        db.session.flush()


def _moderating(person: Person, run: Run) -> str:
    return f"run:{run.reference}:{person.reference}"


def merge(old: Person, kept: Person) -> None:
    """Hand over what an account that becomes part of another moderates."""
    theirs = {one.run_id for one in queries.facilitations_of(kept)}
    for one in queries.facilitations_of(old):
        if one.run_id in theirs:
            db.session.delete(one)
        else:
            one.person_id = kept.id
    db.session.flush()
