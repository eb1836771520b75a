"""What can be done in taking part: enrol, wait, withdraw, leave for the partner, tell how far."""

from __future__ import annotations

from datetime import datetime, timedelta

from academy.accounts.models import Person
from academy.db import db
from academy.errors import Invalid
from academy.notices.operations import notify
from courses.catalogue import operations as catalogue
from courses.catalogue.models import Offer
from courses.catalogue.runs import Run
from courses.enrolment import queries, rules
from courses.enrolment.models import Enrolment, Progress, Standing

NOT_ASKED_ANY_MORE = timedelta(days=14)
"""How long after its time a question is not sent any more, had the worker been away."""


def enrol(person: Person, run: Run, *, now: datetime) -> Enrolment:
    """Give the person a place in the run, or one in its waiting list. Twice is once.

    Refuses with OfferWithdrawn or EnrolmentClosed.
    """
    catalogue.hold(run)
    enrolment = queries.enrolment_of(person, run)
    if enrolment is not None and (rules.takes_part(enrolment) or rules.waits(enrolment)):
        return enrolment

    rules.check_may_enrol(run, now)
    # Whoever waits comes first; as a rule nobody does while there is a place.
    promote(run, now)
    has_place = catalogue.take_place(run)
    if enrolment is None:
        enrolment = Enrolment(person_id=person.id, run_id=run.id, enrolled_at=now)
        db.session.add(enrolment)
    enrolment.standing = Standing.ENROLLED if has_place else Standing.WAITING
    enrolment.waiting_since = None if has_place else now
    enrolment.progress, enrolment.changed_at = None, now
    db.session.flush()
    _tell("enrolled" if has_place else "waiting", person, enrolment, now)
    return enrolment


def withdraw(person: Person, run: Run, *, now: datetime) -> None:
    """Give the person's place back, to who waits for one. Withdrawing twice is once."""
    catalogue.hold(run)
    enrolment = queries.enrolment_of(person, run)
    if enrolment is not None:
        _withdraw(enrolment, run, now)


def promote(run: Run, now: datetime) -> list[Enrolment]:
    """Give the places that are free to those who wait, in their order; tells who got one.

    For rooms below, which see places being added, the moment is no keyword.
    """
    catalogue.hold(run)
    free = None if run.capacity is None else run.capacity - run.taken
    offer = db.session.get_one(Offer, run.offer_id)
    if free == 0 or not rules.may_move_up(run, offer, now):
        return []
    promoted = []
    for enrolment in queries.queue(run, limit=free):
        if not catalogue.take_place(run):
            break
        enrolment.standing, enrolment.waiting_since = Standing.ENROLLED, None
        enrolment.changed_at = now
        promoted.append(enrolment)
        _tell("promoted", enrolment.person, enrolment, now)
    db.session.flush()
    return promoted


catalogue.when_places_are_added.append(promote)


def fill_idle_places(*, now: datetime, limit: int) -> int:
    """Give places that are free to those who wait, wherever both are; tells how many got one.

    Whoever frees a place sees to this at once; it is for places freed while an offer was away.
    """
    runs = queries.runs_with_idle_places(now=now, limit=limit)
    return sum(len(promote(run, now)) for run in runs)


def leave_for_partner(person: Person, run: Run, *, now: datetime) -> Enrolment:
    """Enrol the person, and note that they went to the partner's site; who waits stays here.

    Refuses as `enrol` does.
    """
    enrolment = enrol(person, run, now=now)
    if rules.takes_part(enrolment):
        enrolment.progress = enrolment.progress or Progress.LEFT
        enrolment.left_at = now
    return enrolment


def declare(enrolment: Enrolment, progress: Progress, *, now: datetime) -> None:
    """Keep what the learner says of how far they got.

    Refuses with NotEnrolled after a withdrawal, and with Invalid what is not for them to say.
    """
    if progress not in rules.DECLARED:
        raise Invalid
    if not rules.takes_part(enrolment):
        raise rules.NotEnrolled
    enrolment.progress, enrolment.changed_at = progress, now


def release(person: Person, *, now: datetime) -> None:
    """Withdraw the person from every run that is not over: for who is blocked or erased."""
    for enrolment in queries.all_enrolments_of(person):
        if rules.may_move_up(enrolment.run, enrolment.run.offer, now):
            catalogue.hold(enrolment.run)
            _withdraw(enrolment, enrolment.run, now)


def merge(old: Person, kept: Person, *, now: datetime) -> None:
    """Hand over the enrolments of an account that becomes part of another one.

    Where both are in a run the stronger standing stays, and a place held twice is given back.
    """
    theirs = {one.run_id: one for one in queries.all_enrolments_of(kept)}
    for enrolment in queries.all_enrolments_of(old):
        other = theirs.get(enrolment.run_id)
        if other is None:
            enrolment.person_id = kept.id
        else:
            _merge_into(other, enrolment, now)
    db.session.flush()


def ask_how_far(*, now: datetime, limit: int) -> int:
    """Ask who left for a partner's course six weeks ago how far they got; tells how many."""
    until = now - rules.ASKED_HOW_FAR_AFTER
    asked = queries.to_ask_how_far(after=until - NOT_ASKED_ANY_MORE, until=until, limit=limit)
    for enrolment in asked:
        notify(
            "progress-asked",
            enrolment.person,
            about=enrolment.reference,
            now=now,
            expires_at=now + NOT_ASKED_ANY_MORE,
            enrolment=enrolment.reference,
        )
    return len(asked)


def tell_of_withdrawn_offers(*, now: datetime, limit: int) -> int:
    """Tell those who take part, or wait, that the institution withdrew it; tells how many."""
    left = queries.left_without_an_offer(now=now, limit=limit)
    for enrolment in left:
        told = enrolment.reference
        notify("called-off", enrolment.person, about=told, now=now, enrolment=told)
    return len(left)


def _withdraw(enrolment: Enrolment, run: Run, now: datetime) -> None:
    """Withdraw from a run that is held."""
    if enrolment.standing not in rules.MAY_WITHDRAW:
        return
    had_place = enrolment.standing is Standing.ENROLLED
    enrolment.standing, enrolment.waiting_since = Standing.WITHDRAWN, None
    enrolment.changed_at = now
    db.session.flush()
    if had_place:
        catalogue.give_place_back(run)
        promote(run, now)


def _merge_into(kept: Enrolment, old: Enrolment, now: datetime) -> None:
    """Keep the stronger of two enrolments of one person in a run, in the row that stays."""
    run = kept.run
    catalogue.hold(run)
    both = (kept, old)
    in_places = sum(one.standing in rules.HOLDS_A_PLACE for one in both)
    strongest = min(both, key=lambda one: rules.STRONGEST_FIRST.index(one.standing))
    since = [one.waiting_since for one in both if one.waiting_since is not None]
    kept.standing, kept.progress = strongest.standing, strongest.progress
    kept.waiting_since = min(since) if rules.waits(strongest) else None
    kept.enrolled_at = min(one.enrolled_at for one in both)
    kept.left_at, kept.joined_at = kept.left_at or old.left_at, kept.joined_at or old.joined_at
    kept.changed_at = now
    db.session.delete(old)
    db.session.flush()
    if in_places == 2:
        catalogue.give_place_back(run)
        promote(run, now)


def _tell(kind: str, person: Person, enrolment: Enrolment, now: datetime) -> None:
    """Tell the person how their taking part stands, once for each time it came to stand so."""
    about = f"{enrolment.reference}:{now.isoformat()}"
    notify(kind, person, about=about, now=now, enrolment=enrolment.reference)
