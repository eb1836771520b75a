"""What can be done with requests for a role: ask, grant, refuse."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import update

from academy import audit
from academy.accounts.models import Person, Steward
from academy.db import db
from academy.institutions import members, operations, rules, waiting
from academy.institutions.models import (
    Institution,
    InstitutionKind,
    MemberRole,
    Membership,
    RequestState,
    RoleRequest,
)
from academy.institutions.operations import Entry
from academy.notices.operations import notify

WHAT_IS_ASKED = ("institution_id", "institution_name", "role")


def ask(
    person: Person,
    institution: Institution | str,
    role: MemberRole,
    *,
    message: str = "",
    now: datetime,
) -> RoleRequest:
    """Ask the stewards for a role in an institution, or in one that only its name is known of.

    Asking twice for the same is asking once. Refuses with Retired and with TooManyRequests.
    """
    listed = institution if isinstance(institution, Institution) else None
    if listed is not None and rules.is_retired(listed):
        raise rules.Retired
    request = RoleRequest(
        person_id=person.id,
        institution_id=listed.id if listed else None,
        institution_name=institution if isinstance(institution, str) else "",
        role=role,
        message=message,
        asked_at=now,
    )
    known = _same_as(request, person)
    if known is not None:
        return known
    db.session.add(request)
    db.session.flush()
    audit.note("role-asked-for", _thing(request), by=person, now=now, fields=[role.value])
    return request


def _same_as(request: RoleRequest, person: Person) -> RoleRequest | None:
    """Find the request of the same person that asks the same, and refuse one too many."""
    open_ones = [one for one in waiting.requests_of(person) if one.state is RequestState.WAITING]
    for known in open_ones:
        if all(getattr(known, name) == getattr(request, name) for name in WHAT_IS_ASKED):
            return known
    if len(open_ones) >= rules.MOST_REQUESTS:
        raise rules.TooManyRequests
    return None


def grant(
    request: RoleRequest,
    institution: Institution | None,
    role: MemberRole,
    *,
    by: Person,
    now: datetime,
) -> Membership:
    """Let the person work for the institution in the role; they hear of it by mail.

    Without an institution, the one that the request names is put on the map first. Refuses with
    RequestDecided when another steward was faster, with OwnRequest and with Retired.
    """
    if request.person_id == by.id and not by.is_steward_of_all:
        raise rules.OwnRequest
    _decide(request, RequestState.GRANTED, by=by, now=now)
    place = institution or _put_on_the_map(request, by=by, now=now)
    if rules.is_retired(place):
        raise rules.Retired
    request.institution_id = place.id
    membership = members.promote(request.person, place, role, now=now)
    audit.note("request-granted", _thing(request), by=by, now=now, fields=[role.value])
    notify("request-granted", request.person, about=request.reference, now=now)
    return membership


def refuse(request: RoleRequest, *, reason: str, by: Person, now: datetime) -> None:
    """Say no to a request, with a reason; the person hears both by mail.

    Refuses with RequestDecided when another steward was faster.
    """
    _decide(request, RequestState.REFUSED, by=by, now=now)
    request.reason = reason
    audit.note("request-refused", _thing(request), by=by, now=now, reason=reason)
    notify("request-refused", request.person, about=request.reference, now=now)


def _decide(request: RoleRequest, state: RequestState, *, by: Person, now: datetime) -> None:
    """Decide by one conditional UPDATE: of two stewards, one does."""
    waiting = (RoleRequest.id == request.id, RoleRequest.state == RequestState.WAITING)
    decided = update(RoleRequest).where(*waiting)
    decided = decided.values(state=state, decided_by_id=by.id, decided_at=now)
    if db.session.execute(decided).rowcount != 1:  # type: ignore[attr-defined]
        raise rules.RequestDecided
    db.session.flush()


def _put_on_the_map(request: RoleRequest, *, by: Person, now: datetime) -> Institution:
    section = by.section if by.steward is Steward.SECTION else request.person.section
    entry = Entry(
        name={request.person.language: request.institution_name},
        kind=InstitutionKind.ASSOCIATION,
        section=section,
    )
    place = operations.enter(entry, by=by, now=now)
    operations.confirm(place, by=by, now=now)
    return place


def _thing(request: RoleRequest) -> str:
    return f"request:{request.reference}"
