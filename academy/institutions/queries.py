"""What can be asked about institutions."""

from __future__ import annotations

from sqlalchemy import exists, select

from academy.db import db
from academy.errors import Missing
from academy.institutions.models import Institution


def institution_by_slug(slug: str) -> Institution:
    """Find an institution by its address.

    Raises Missing when there is none.
    """
    institution = db.session.scalar(select(Institution).where(Institution.slug == slug))
    if institution is None:
        raise Missing
    return institution


def is_institution(slug: str) -> bool:
    """Tell whether an institution has this address."""
    return bool(db.session.scalar(select(exists().where(Institution.slug == slug))))


def all_institutions() -> list[Institution]:
    """List every institution, by address."""
    return list(db.session.scalars(select(Institution).order_by(Institution.slug)))
