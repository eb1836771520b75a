"""What can be done in the catalogue: publish, revise, withdraw; take and give back places."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime

from sqlalchemy import update

from academy.db import db, new_reference
from academy.i18n import base_language
from academy.institutions.models import Institution
from academy.institutions.rules import is_retired
from academy.text import clean_html, clean_line, excerpt, is_web_address, plain_text, slug
from courses.catalogue import queries, rules
from courses.catalogue.content import OfferContent, RunContent, TextContent
from courses.catalogue.editions import new_run, write_run
from courses.catalogue.models import Course, Kind, Offer, State, Webinar
from courses.catalogue.runs import Run
from courses.catalogue.texts import OfferLanguage, OfferText
from courses.vocabularies.licences import licence
from courses.vocabularies.models import Term

SUMMARY_LENGTH = 240
PLAIN_FIELDS = (
    *("contact", "audience", "delivery", "pace", "level", "cost", "certificate"),
    *("workload_minutes", "data_mb", "data_mb_light"),
)
WORDS = {"provider": 300, "workload": 120}
CLASSES: dict[Kind, type[Offer]] = {Kind.COURSE: Course, Kind.WEBINAR: Webinar}
when_places_are_added: list[Callable[[Run, datetime], object]] = []
"""What rooms above do, in the same transaction, when a run has places that it did not have."""

OTHER_PAGES = frozenset({"suggestions"})
"""Addresses below the catalogue that are not of offers."""


def add_offer(
    institution: Institution, content: OfferContent, *, address: str, now: datetime
) -> Offer:
    """Put a new offer into the catalogue as a draft; `address` is its slug, known to be free."""
    offer = CLASSES[content.kind](
        slug=address,
        institution=institution,
        state=State.DRAFT,
        language=content.language,
        added_at=now,
        changed_at=now,
        texts=[],
        languages=[],
        terms=[],
        runs=[],
    )
    db.session.add(offer)
    revise(offer, content, now=now)
    return offer


def revise(
    offer: Offer, content: OfferContent, *, now: datetime, terms: Sequence[Term] | None = None
) -> None:
    """Write what the content says into a whole offer; what it does not say stays.

    `terms` take the place of content.term_ids, where the caller has them at hand.
    """
    offer.changed_at = now
    _write_kind(offer, content.kind)
    _write_own_language(offer, content)
    for name in PLAIN_FIELDS:
        value = getattr(content, name)
        if value is not None:
            setattr(offer, name, value)
    _write_words(offer, content)
    for text in content.texts:
        _write_text(offer, text)
    _write_languages(offer, content)
    if terms is None and content.term_ids is not None:
        terms = queries.terms_by_id(content.term_ids)
    if terms is not None:
        offer.terms = list(terms)
    _write_runs(offer, content.runs, now)


def publish(offer: Offer, *, now: datetime) -> None:
    """Let everybody see the offer. Publishing twice is publishing once.

    Raises Invalid naming what is missing, unless everybody sees it already.
    """
    if not rules.is_visible(offer):
        rules.check_may_publish(offer)
    _show(offer, now)


def list_harvested(offer: Offer, *, now: datetime) -> list[str]:
    """List a harvested draft when it has what listing needs; names what is missing otherwise.

    Whatever is no draft stays as it is: a harvest does not bring back what was withdrawn.
    """
    if offer.state is not State.DRAFT:
        return []
    lacking = rules.missing_to_list(offer)
    if not lacking:
        _show(offer, now)
        if is_retired(offer.institution):
            retire(offer, now=now)
    return lacking


def withdraw(offer: Offer, *, now: datetime) -> None:
    """Take the offer out of the catalogue; what people did with it is kept."""
    offer.state = State.ARCHIVED
    offer.changed_at = now


def retire(offer: Offer, *, now: datetime) -> None:
    """Take the offer out of the catalogue until its institution takes part again."""
    withdraw(offer, now=now)
    offer.retired = True


def hold(run: Run) -> None:
    """Let nobody else change who is in the run until this transaction ends.

    SQLite has one writer at a time anyway; PostgreSQL locks the row.
    """
    db.session.refresh(run, ["taken", "capacity"], with_for_update=True)


def take_place(run: Run) -> bool:
    """Take one place in the run, by one conditional UPDATE: never more than there are.

    Tells whether one was left.
    """
    free = (Run.capacity.is_(None)) | (Run.taken < Run.capacity)
    taken = update(Run).where(Run.id == run.id, free).values(taken=Run.taken + 1)
    return bool(db.session.execute(taken).rowcount)  # type: ignore[attr-defined]


def give_place_back(run: Run) -> None:
    """Give one place back."""
    given = update(Run).where(Run.id == run.id, Run.taken > 0).values(taken=Run.taken - 1)
    db.session.execute(given)


def rate(offer: Offer, *, review_count: int, colleague_share: int | None) -> None:
    """Keep what peers say of the offer beside it, for lists and sorting; share in percent."""
    offer.review_count = review_count
    offer.colleague_share = colleague_share


def free_slugs(titles: Sequence[str]) -> list[str]:
    """Make a free address for each title: the title, with a random ending where it is taken."""
    wanted = [slug(title) for title in titles]
    taken = queries.slugs_taken(wanted) | OTHER_PAGES
    chosen = []
    for name in wanted:
        ending = new_reference()[:6].lower().replace("_", "a").replace("-", "b")
        chosen.append(f"{name}-{ending}" if name in taken else name)
        taken.add(chosen[-1])
    return chosen


def _show(offer: Offer, now: datetime) -> None:
    offer.state = State.PUBLISHED
    offer.published_at = offer.published_at or now


def _write_kind(offer: Offer, kind: Kind) -> None:
    """Make a course of a webinar, or the other way round.

    The class of a loaded row cannot change. Its row does, and is loaded anew as what it then is.
    """
    if offer.kind is not kind:
        changed = update(Offer).where(Offer.id == offer.id).values(kind=kind)
        db.session.execute(changed, execution_options={"synchronize_session": False})


def _write_own_language(offer: Offer, content: OfferContent) -> None:
    """Note the original language. A text that turns out to be in it is not another text."""
    texts = {text.language: text for text in offer.texts}
    said = {text.language for text in content.texts}
    if offer.language in texts.keys() - said and content.language not in texts:
        texts[offer.language].language = content.language
    offer.language = content.language


def _write_words(offer: Offer, content: OfferContent) -> None:
    if content.address is not None:
        offer.address = content.address if is_web_address(content.address) else ""
    for name, limit in WORDS.items():
        if (said := getattr(content, name)) is not None:
            setattr(offer, name, clean_line(said, limit=limit))
    if content.licence is not None:
        offer.licence = licence(content.licence)


def _write_text(offer: Offer, content: TextContent) -> None:
    text = next((one for one in offer.texts if one.language == content.language), None)
    if text is None:
        text = OfferText(language=content.language, title="", summary="", description="")
        offer.texts.append(text)
    text.title = clean_line(content.title, limit=500) or text.title
    text.origin = content.origin
    if content.description is not None:
        text.description = clean_html(content.description)
    if content.summary is not None:
        text.summary = clean_line(content.summary, limit=SUMMARY_LENGTH)
    elif content.description is not None:
        text.summary = excerpt(plain_text(text.description), SUMMARY_LENGTH)


def _write_languages(offer: Offer, content: OfferContent) -> None:
    wanted = {(one.code, one.role): one for one in content.languages}
    if not wanted:
        return
    known = {(one.code, one.role): one for one in offer.languages}
    for key in known.keys() - wanted.keys():
        offer.languages.remove(known[key])
    for key, language in wanted.items():
        if key in known:
            known[key].origin = language.origin
        else:
            (code, role), base, origin = key, base_language(key[0]), language.origin
            offer.languages.append(OfferLanguage(code=code, role=role, base=base, origin=origin))


def _write_runs(offer: Offer, contents: Sequence[RunContent], now: datetime) -> None:
    """Write the runs in their order."""
    before = places_of(offer)
    for position, content in enumerate(contents):
        if position == len(offer.runs):
            offer.runs.append(new_run())
        write_run(offer.runs[position], content)
    follow_added_places(offer, before, now=now)


def places_of(offer: Offer) -> dict[int, int | None]:
    """Tell how many places each run has, by its key."""
    return {run.id: run.capacity for run in offer.runs}


def follow_added_places(offer: Offer, before: Mapping[int, int | None], *, now: datetime) -> None:
    """Let the rooms above know of runs that have more places than `before`."""
    for run in offer.runs:
        had = before.get(run.id)
        if had is not None and (run.capacity is None or run.capacity > had):
            db.session.flush()
            for follow in when_places_are_added:
                follow(run, now)
