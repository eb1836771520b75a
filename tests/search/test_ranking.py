"""What comes first: the offer whose title was typed, or what the chosen order says."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

import pytest
from flask import Flask
from sqlalchemy import ColumnElement, func, not_, select

from academy.db import db, utcnow
from academy.text import fold
from courses.catalogue.models import Offer
from courses.catalogue.queries import visible
from courses.catalogue.runs import Run
from courses.catalogue.texts import OfferText
from courses.search.engine import Question
from courses.search.find import find
from courses.search.params import PAGE_SIZE, SearchParams, Sort, When
from courses.search.plain.engine import Plain
from courses.search.plain.facets import condition

WHENEVER = {"when": tuple(When)}
"""Asks for what is over too."""

LANGUAGES = ("en", "fr", "es", "pt", "ar", "ru", "zh", "hi", "tr", "id", "th", "sw")


def lasting(now: datetime) -> ColumnElement[bool]:
    """Give the condition under which an offer is not over."""
    return not_(condition("when", (When.PAST,), now))


def all_pages(params: SearchParams) -> list[int]:
    """Turn every page of a list."""
    now = utcnow()
    total = find(params, now=now).total
    pages = range(1, -(-total // PAGE_SIZE) + 1)
    return [number for page in pages for number in find(params.on_page(page), now=now).numbers]


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_title_finds_its_offer_first(shown: Flask, language: str) -> None:
    with shown.app_context():
        rows = select(OfferText.offer_id, OfferText.title).where(OfferText.language == language)
        titles = db.session.execute(rows.order_by(OfferText.id).limit(4)).all()
        assert titles != []
        now = utcnow()
        shown_unasked = set(db.session.scalars(select(Offer.id).where(visible(), lasting(now))))
        for offer, title in titles:
            assert find(SearchParams(title, WHENEVER), now=now).numbers[0] == offer, title
            unasked = find(SearchParams(title), now=now).numbers
            assert (unasked[:1] == [offer]) == (offer in unasked) == (offer in shown_unasked), title


def test_every_page_together_is_everything_once(shown: Flask) -> None:
    with shown.app_context():
        everything = sorted(db.session.scalars(select(Offer.id).where(visible())))
        rest = select(Offer.id).where(visible(), lasting(utcnow()))
        not_over = sorted(db.session.scalars(rest))
        assert 0 < len(not_over) < len(everything)
        for sort in Sort:
            assert sorted(all_pages(SearchParams(chosen=WHENEVER, sort=sort))) == everything
            assert sorted(all_pages(SearchParams(sort=sort))) == not_over


def test_newest_first(shown: Flask) -> None:
    with shown.app_context():
        ordered = select(Offer.id).where(visible()).order_by(Offer.published_at.desc())
        expected = db.session.scalars(ordered).all()
        assert all_pages(SearchParams(chosen=WHENEVER, sort=Sort.NEWEST)) == expected
        assert all_pages(SearchParams(chosen=WHENEVER)) == expected


def test_soonest_first_and_then_what_has_no_start_to_come(shown: Flask) -> None:
    with shown.app_context():
        soonest = func.min(Run.starts_at)
        coming = (
            select(Offer.id)
            .join(Run)
            .where(visible(), Run.starts_at >= utcnow())
            .group_by(Offer.id)
            .order_by(soonest, Offer.published_at.desc())
        )
        expected = list(db.session.scalars(coming))
        rest = select(Offer.id).where(visible(), Offer.id.not_in(expected))
        others = list(db.session.scalars(rest.order_by(Offer.published_at.desc())))
        assert len(expected) > 10 < len(others)
        whenever = SearchParams(chosen=WHENEVER, sort=Sort.SOONEST)
        assert all_pages(whenever) == expected + others


def test_most_recommended_first_and_then_what_has_too_few_reviews(shown: Flask) -> None:
    with shown.app_context():
        shares = select(Offer.id, Offer.colleague_share, Offer.review_count).where(visible())
        told = {
            offer: (-1, -1) if share is None else (share, count)
            for offer, share, count in db.session.execute(shares)
        }
        found = [told[offer] for offer in all_pages(SearchParams(sort=Sort.REVIEWED))]
        assert found == sorted(found, reverse=True)
        assert (-1, -1) in found
        assert len(set(found)) > 3


@pytest.mark.parametrize("language", ["fr", "es", "pt", "tr"])
def test_words_without_their_accents_find_the_same(shown: Flask, language: str) -> None:
    with shown.app_context():
        rows = select(OfferText.title).where(OfferText.language == language)
        titles = [title for title in db.session.scalars(rows) if not title.isascii()][:5]
        for title in titles:
            bare, written = (find(SearchParams(q), now=utcnow()) for q in (fold(title), title))
            assert (bare.numbers, bare.counts) == (written.numbers, written.counts)
            assert bare.total > 0
        assert len(titles) > 1


@pytest.mark.parametrize("sort", Sort)
def test_by_filters_alone_the_orders_are_the_same(shown: Flask, sort: Sort) -> None:
    with shown.app_context():
        now = utcnow()
        for chosen in ({}, {"kind": ("webinar",)}, {"issue": ("governance",), "language": ("es",)}):
            question = Question(SearchParams(chosen=chosen, sort=sort), now)
            found = find(question.params, now=now)
            assert found.away is False
            told = replace(Plain().search(question), query=question.query)
            assert told == replace(found, away=True)
            assert found.total > 0
