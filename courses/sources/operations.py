"""What can be done with sources: ask that one is read, change it, approve it, pause it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from academy import audit
from academy.accounts.models import Person
from academy.db import db
from academy.errors import Invalid
from academy.institutions.models import Institution
from academy.notices.operations import notify
from courses.sources import queries, rules
from courses.sources.models import Schedule, Source, SourceState

APPROVED_ANEW = frozenset(("address", "adapter", "secret"))
"""What has to be approved anew when it changes."""

PLAIN = (
    *("name", "adapter", "address", "zone", "schedule"),
    *("default_language", "default_licence", "encoding", "columns", "zone_names"),
)


@dataclass(frozen=True, slots=True)
class Details:
    """What a source is: where it is read, how, how often, and what it does not say itself.

    `secret` is sealed (courses.sources.credentials); None leaves what is kept, b"" removes it.
    """

    name: str
    adapter: str
    address: str = ""
    zone: str = "UTC"
    schedule: Schedule = Schedule.BY_HAND
    default_language: str = ""
    default_licence: str = ""
    encoding: str = ""
    columns: Mapping[str, Sequence[str]] = field(default_factory=dict)
    zone_names: Mapping[str, str] = field(default_factory=dict)
    secret: bytes | None = field(default=None, repr=False)


def ask_for(institution: Institution, details: Details, *, person: Person, now: datetime) -> Source:
    """Ask the stewards that a source is read; they hear of it by mail.

    Refuses with Invalid where the name is taken, and with TooManySources.
    """
    if queries.source_count(institution) >= rules.MOST_SOURCES:
        raise rules.TooManySources
    _check_name(institution.id, details.name)
    source = Source(institution_id=institution.id, added_at=now, changed_at=now)
    _write(source, details)
    source.state = SourceState.REQUESTED
    db.session.add(source)
    db.session.flush()
    _ask(source, institution, person=person, now=now)
    audit.note("source-asked-for", _thing(source), by=person, now=now)
    return source


def change(
    source: Source, details: Details, *, institution: Institution, person: Person, now: datetime
) -> bool:
    """Change what a source is, and tell whether it now waits for approval.

    Another address, adapter or credential has to be approved anew: nothing is read until then.
    Refuses with Invalid where the name is taken, and where credentials that were given to one
    server would be shown to another.
    """
    _check_name(source.institution_id, details.name, beside=source.id)
    moved = rules.is_elsewhere(source.address, details.address)
    if moved and source.secret and details.secret is None:
        raise Invalid({"secret": rules.ENTER_CREDENTIALS_AGAIN})
    rescheduled = source.schedule is not details.schedule
    changed = _write(source, details)
    if not changed:
        return source.state is SourceState.REQUESTED
    source.changed_at = now
    audit.note("source-changed", _thing(source), by=person, now=now, fields=changed)
    if APPROVED_ANEW & set(changed):
        _start_over(source)
        _withdraw_approval(source, institution, person=person, now=now)
    elif rescheduled and source.state is SourceState.APPROVED:
        source.due_at = rules.next_due(source, now)
    db.session.flush()
    return source.state is SourceState.REQUESTED


def approve(
    source: Source, *, seen: str, institution: Institution, by: Person, now: datetime
) -> None:
    """Let a source be read, at once and then as planned. Approving twice is approving once.

    `seen` is the mark of what was looked at (rules.mark_of). Refuses with Forbidden and with
    ChangedSince.
    """
    rules.check_may_approve(by, institution)
    rules.check_is_as_seen(source, seen)
    if source.state is SourceState.APPROVED:
        return
    source.state, source.note, source.failures = SourceState.APPROVED, "", 0
    source.approved_by_id, source.approved_at = by.id, now
    planned = source.address and source.schedule is not Schedule.BY_HAND
    source.due_at = now if planned else None
    db.session.flush()
    audit.note("source-approved", _thing(source), by=by, now=now)
    _tell_asker("source-approved", source, now)


def pause(source: Source, *, note: str, by: Person, now: datetime) -> None:
    """Read a source no more, until it is asked for and approved again; who asked hears why.

    Pausing twice is pausing once.
    """
    if source.state is not SourceState.PAUSED:
        _stop(source, note, now)
        audit.note("source-paused", _thing(source), by=by, now=now, reason=note)
        if source.asked_by_id != by.id:
            _tell_asker("source-paused", source, now)


def refuse(source: Source, *, note: str, by: Person, now: datetime) -> None:
    """Approve a source not that was asked for; it waits until it is asked for again.

    Who asked hears why. What is not asked for stays as it is. Refuses with Forbidden.
    """
    rules.check_may_approve(by, source.institution)
    if source.state is SourceState.REQUESTED:
        _stop(source, note, now)
        audit.note("source-refused", _thing(source), by=by, now=now, reason=note)
        if source.asked_by_id != by.id:
            _tell_asker("source-refused", source, now)


def _stop(source: Source, note: str, now: datetime) -> None:
    source.state, source.note, source.due_at = SourceState.PAUSED, note, None
    source.approved_by_id = source.approved_at = None
    source.changed_at = now
    db.session.flush()


def resume(source: Source, *, institution: Institution, person: Person, now: datetime) -> None:
    """Ask that a paused source is read again; a steward approves it. Twice is once."""
    if source.state is not SourceState.PAUSED:
        return
    source.changed_at = now
    _withdraw_approval(source, institution, person=person, now=now)
    audit.note("source-resumed", _thing(source), by=person, now=now)


def keep_push_secret(source: Source, secret: bytes, *, person: Person, now: datetime) -> None:
    """Keep the sealed secret that the source signs its messages with; one before is worthless."""
    source.push_secret = secret
    db.session.flush()
    audit.note("push-secret-made", _thing(source), by=person, now=now)


def _write(source: Source, details: Details) -> list[str]:
    """Write what differs, and name it."""
    told = {name: getattr(details, name) for name in PLAIN}
    told["columns"] = {name: list(headers) for name, headers in details.columns.items()}
    if details.secret is not None:
        told["secret"] = details.secret or None
    changed = [name for name, value in told.items() if getattr(source, name) != value]
    for name in changed:
        setattr(source, name, told[name])
    return changed


def _check_name(institution_id: int, name: str, beside: int | None = None) -> None:
    if queries.is_named(institution_id, name, beside=beside):
        raise Invalid({"name": rules.NAME_TAKEN})


def _start_over(source: Source) -> None:
    """Forget how far another place was read: the next reading is a whole one."""
    source.cursor = source.whole_at = None
    source.failures = 0


def _withdraw_approval(
    source: Source, institution: Institution, *, person: Person, now: datetime
) -> None:
    source.approved_by_id = source.approved_at = source.due_at = None
    if source.state is not SourceState.REQUESTED:
        source.state, source.note = SourceState.REQUESTED, ""
        _ask(source, institution, person=person, now=now)


def _ask(source: Source, institution: Institution, *, person: Person, now: datetime) -> None:
    """Ask the stewards of the institution."""
    source.asked_by_id = person.id
    db.session.flush()
    mark = rules.mark_of(source)
    for steward in queries.stewards_of(institution):
        about = f"{source.reference}:{mark}:{steward.reference}"
        notify("source-asked", steward, about=about, now=now, source=source.reference)


def _tell_asker(kind: str, source: Source, now: datetime) -> None:
    asker = db.session.get(Person, source.asked_by_id) if source.asked_by_id else None
    if asker is not None:
        about = f"{source.reference}:{now.isoformat()}"
        notify(kind, asker, about=about, now=now, source=source.reference)


def _thing(source: Source) -> str:
    return f"source:{source.reference}"
