"""What can be done in editing: begin an offer, save, publish, withdraw, restore."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace
from datetime import datetime

from flask_babel import lazy_gettext as _l
from sqlalchemy import select

from academy.accounts.models import Person
from academy.audit import note
from academy.db import db
from academy.errors import Invalid, Missing
from academy.institutions.models import Institution
from academy.text import clean_line
from academy.tokens.models import IdempotencyKey
from courses.catalogue import operations as catalogue
from courses.catalogue.content import OfferContent, TextContent
from courses.catalogue.models import Kind, Offer, State
from courses.catalogue.queries import terms_by_id
from courses.catalogue.rewriting import rewrite
from courses.catalogue.texts import TextOrigin
from courses.editing import queries, rules, versions
from courses.editing.checking import checked
from courses.editing.fields import changes_between, fields_of, merged, units
from courses.editing.form import Content, form_of
from courses.editing.models import OfferVersion, VersionSource, WorkingCopy
from courses.vocabularies.queries import Vocabularies, vocabularies


@dataclass(frozen=True, slots=True)
class Beginning:
    """What is asked before an offer can be written; `key` names the form that was sent."""

    kind: Kind
    title: str
    language: str
    key: str


def begin(institution: Institution, wanted: Beginning, *, person: Person, now: datetime) -> Offer:
    """Begin an offer as a draft. The same form sent twice begins one offer.

    Raises Invalid when the title says nothing.
    """
    title = clean_line(wanted.title)
    if not title:
        raise Invalid({"title": _l("Give it a title.")})
    digest = hashlib.sha256(f"offer begun {wanted.key}".encode()).hexdigest()
    known = select(IdempotencyKey.answer).where(
        IdempotencyKey.person_id == person.id, IdempotencyKey.key_hash == digest
    )
    before = db.session.scalar(known)
    if before is not None:
        return queries.offer_at(institution, before)
    [address] = catalogue.free_slugs([title])
    text = TextContent(wanted.language, title, description="")
    content = OfferContent(kind=wanted.kind, language=wanted.language, texts=[text], languages=())
    offer = catalogue.add_offer(institution, content, address=address, now=now)
    key = IdempotencyKey(person_id=person.id, key_hash=digest, made_at=now, answer=address)
    key.request_hash, key.headers = digest, {}
    db.session.add(key)
    db.session.flush()
    return offer


def hold(offer: Offer) -> None:
    """Let nobody else edit the offer until this transaction ends."""
    db.session.execute(select(Offer.id).where(Offer.id == offer.id).with_for_update())


def save(
    offer: Offer, form: Content, *, seen: str, person: Person, now: datetime
) -> WorkingCopy | None:
    """Keep a form, however incomplete, beside the live page; None where it says just the same.

    `seen` names the state from which the person began. Raises EditedMeanwhile.
    """
    hold(offer)
    copy = queries.copy_of(offer)
    rules.check_nobody_else_saved(offer, copy, seen)
    return _keep(offer, copy, form, person, now)


def _keep(
    offer: Offer, copy: WorkingCopy | None, form: Content, person: Person, now: datetime
) -> WorkingCopy | None:
    if rules.current_form(offer, copy) == form:
        return copy
    if copy is None:
        copy = WorkingCopy(
            offer_id=offer.id, base=form_of(offer), revision=0, begun_at=now, content=form
        )
        db.session.add(copy)
    copy.content, copy.saved_at, copy.saved_by_id = form, now, person.id
    copy.revision += 1
    db.session.flush()
    return copy


def discard(offer: Offer) -> None:
    """Throw the working copy away; the live page stays as it is. Twice is once."""
    hold(offer)
    copy = queries.copy_of(offer)
    if copy is not None:
        db.session.delete(copy)
        db.session.flush()


def form_to_publish(offer: Offer, copy: WorkingCopy | None) -> Content:
    """Give what publishing would make the live page say.

    What a harvest changed since the copy was begun stays, where the copy does not change it.
    """
    live = form_of(offer)
    if copy is None or copy.base == live:
        return copy.content if copy else live
    edited = changes_between(fields_of(copy.base), fields_of(copy.content))
    return merged(live, copy.content, units(edited))


def publish(
    offer: Offer,
    *,
    person: Person,
    now: datetime,
    source: VersionSource = VersionSource.HUMAN,
    vocabulary: Vocabularies | None = None,
) -> OfferVersion | None:
    """Make the live page say what the working copy says, and show it to everybody.

    Publishing twice is publishing once: then there is no new version. Who publishes many has the
    vocabulary at hand. Raises Invalid naming what is missing or wrong, or Retired.
    """
    hold(offer)
    copy = queries.copy_of(offer)
    content = _content_to_publish(offer, copy, vocabulary or vocabularies())
    before = versions.said_so_far(offer)
    rewrite(offer, content, terms=terms_by_id(content.term_ids or ()), now=now)
    catalogue.publish(offer, now=now)
    if copy is not None:
        db.session.delete(copy)
    db.session.flush()
    after = versions.snapshot(offer) | {"kind": content.kind.value}
    if copy is not None and copy.content.get("restored"):
        source = VersionSource.RESTORED
    version = versions.record_version(offer, before, after, source=source, person=person, now=now)
    if version is not None:
        fields = list(version.changes)
        note("offer-published", f"offer:{offer.slug}", by=person, now=now, fields=fields)
    return version


def _content_to_publish(
    offer: Offer, copy: WorkingCopy | None, vocabulary: Vocabularies
) -> OfferContent:
    rules.check_takes_part(offer)
    form = form_to_publish(offer, copy)
    read = checked(form, vocabulary)
    rules.check_may_publish(form, read, but_for=rules.lacked_already(offer))
    enrolled = queries.enrolled_in(offer)
    rules.check_keeps_people(offer, read.content, enrolled)
    return _checked_by_hand(offer, read.content)


def _checked_by_hand(offer: Offer, content: OfferContent) -> OfferContent:
    """A text by a machine that a person has changed is by a machine no longer."""
    known = {text.language: text for text in offer.texts}
    texts = []
    for text in content.texts:
        before = known.get(text.language)
        same = before is not None and (before.title, before.description) == (
            text.title,
            text.description,
        )
        by_machine = text.origin is TextOrigin.MACHINE
        texts.append(replace(text, origin=TextOrigin.CHECKED) if by_machine and not same else text)
    return replace(content, texts=texts)


def withdraw(offer: Offer, *, person: Person, now: datetime) -> None:
    """Take the offer out of the catalogue; the working copy and what people did stay."""
    _change_state(offer, State.ARCHIVED, person, now)


def throw_away(offer: Offer, *, person: Person, now: datetime) -> None:
    """Delete a draft for good, with all that was written of it.

    Raises NotOnlyADraft where people have seen it, or are enrolled.
    """
    hold(offer)
    rules.check_may_throw_away(offer, queries.enrolled_in(offer))
    note("draft-thrown-away", f"offer:{offer.slug}", by=person, now=now)
    db.session.delete(offer)
    db.session.flush()


def bring_back(offer: Offer, *, person: Person, now: datetime) -> None:
    """Show a withdrawn offer again, as it was.

    Raises Invalid when it lacks something by now, and Retired where the institution is.
    """
    if offer.state is State.ARCHIVED:
        rules.check_takes_part(offer)
        form = form_of(offer)
        rules.check_may_publish(form, checked(form, vocabularies()))
        _change_state(offer, State.PUBLISHED, person, now)


def _change_state(offer: Offer, state: State, person: Person, now: datetime) -> None:
    hold(offer)
    if offer.state is state:
        return
    before = versions.snapshot(offer)
    if state is State.PUBLISHED:
        catalogue.publish(offer, now=now)
        act = "offer-brought-back"
    else:
        catalogue.withdraw(offer, now=now)
        act = "offer-withdrawn"
    after, source = versions.snapshot(offer), VersionSource.HUMAN
    versions.record_version(offer, before, after, source=source, person=person, now=now)
    note(act, f"offer:{offer.slug}", by=person, now=now)


def restore(offer: Offer, number: int, *, person: Person, now: datetime) -> WorkingCopy | None:
    """Make a working copy of what the offer said once version `number` was made.

    Editions in which people are enrolled stay, though they were not there then. Raises Missing
    when there was no such version.
    """
    hold(offer)
    known = queries.versions_of(offer)
    if not known or not known[-1].number - 1 <= number <= known[0].number:
        raise Missing
    form = versions.form_at(offer, [version for version in known if version.number > number])
    if not form["kind"]:
        raise Missing
    enrolled = queries.enrolled_in(offer)
    there = {run["reference"] for run in form["runs"]}
    missing = [
        f"runs.{run.reference}"
        for run in offer.runs
        if enrolled.get(run.id) and run.reference not in there
    ]
    form = merged(form, form_of(offer), missing) | {"restored": str(number)}
    return _keep(offer, queries.copy_of(offer), form, person, now)
