"""Offers under addresses of our choice, each of an institution of its own unless one is named."""

from __future__ import annotations

from typing import Any

from academy.db import db, unit_of_work
from courses.catalogue.models import Offer
from tests.making import make_institution, make_offer


def publish(title: str, slug: str, *, institution: str = "", **more: Any) -> int:
    """Publish an offer at this address; returns its key."""
    make_institution(institution or slug, name=f"The {institution or slug}")
    made = make_offer(title, institution=institution or slug, **more)
    with unit_of_work():
        db.session.get_one(Offer, made.id).slug = slug
    return made.id
