"""What is allowed of duplicates: which offers may become one, and which may not."""

from __future__ import annotations

from datetime import datetime

from flask_babel import lazy_gettext as _l

from academy.errors import Conflict
from courses.catalogue.models import Offer
from courses.catalogue.rules import has_gone, is_over, is_visible
from courses.duplicates.models import Decision, DuplicatePair


class NotOneKind(Conflict):
    """A course and a webinar are two."""

    code = "not-one-kind"
    sentence = _l("A course and a webinar cannot be one offer.")


class NotMerged(Conflict):
    """The offer stands for itself."""

    code = "not-merged"
    sentence = _l("This offer stands for itself already.")


class Decided(Conflict):
    """Somebody has decided on the pair, or the offers have changed."""

    code = "pair-decided"
    sentence = _l("Nothing is left to decide there: somebody has, or an offer has changed.")


def check_may_merge(canonical: Offer, duplicate: Offer) -> None:
    """Refuse to make one of a course and a webinar.

    Raises NotOneKind.
    """
    if canonical.kind is not duplicate.kind:
        raise NotOneKind


def check_is_merged(offer: Offer) -> None:
    """Refuse to separate what stands for itself.

    Raises NotMerged.
    """
    if offer.canonical_id is None:
        raise NotMerged


def check_is_open(pair: DuplicatePair) -> None:
    """Refuse to decide what is decided.

    Raises Decided.
    """
    if pair.decision is not Decision.OPEN:
        raise Decided


def check_is_apart(pair: DuplicatePair) -> None:
    """Refuse to take back that two offers are two where nobody has said so.

    Raises Decided.
    """
    if pair.decision is not Decision.DIFFERENT:
        raise Decided


def fitness(offer: Offer, now: datetime) -> tuple[bool, bool]:
    """Tell how fit an offer is to stand for others: whether it is there, and not over.

    There is what is published, told of, and answering.
    """
    there = is_visible(offer) and not has_gone(offer)
    return there, not all(is_over(run, offer.kind, now) for run in offer.runs)
