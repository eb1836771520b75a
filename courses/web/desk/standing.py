"""How an offer stands, as the desk tells it: its state, its source, and what became of it since."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from academy.i18n import gettext as _
from academy.i18n import ngettext, number
from academy.institutions.rules import EDITORS
from academy.text import apart
from academy.web.moments import day_of, moment
from courses.catalogue.models import Offer, State
from courses.editing import queries
from courses.editing.queries import Edited, Wanted
from courses.harvesting.queries import sources_telling
from courses.links.queries import check_of
from courses.links.sentences import why_broken
from courses.web.desk import labels
from courses.web.desk.frame import Desk, Task, needs_doing

UNLISTED = "unlisted"
"""The choice, beside the states, of offers that are published and not listed."""


def standing(edited: Edited) -> dict[str, Any]:
    """Say how an offer stands: its state, what became of it, and who changed it last."""
    offer, copy = edited.offer, edited.copy
    live = offer.state is State.PUBLISHED
    listed = (offer.vanished_at, offer.broken_at) == (None, None)
    return {
        "state": _state(edited, listed=listed),
        "live": live and listed,
        "since": _since(offer),
        "who": copy.saved_by.name if copy and copy.saved_by else None,
        "when": moment(copy.saved_at if copy else offer.changed_at),
    }


def told_by(offer: Offer) -> str | None:
    """Say of which source an offer is, and that what is edited stays; None for one made by hand."""
    names = [apart(source.name) for source in sources_telling(offer)]
    if not names:
        return None
    return _(
        "This offer is read from %(source)s. What you change here stays as you wrote it; all else"
        " follows the source.",
        source=_(", ").join(names),
    )


@needs_doing(EDITORS, order=25)
def offers_that_vanished(desk: Desk) -> Iterator[Task]:
    """Count published offers that their sources no longer tell of."""
    count = queries.edited_count(desk.institution, Wanted(vanished=True))
    if count:
        sentence = ngettext(
            "%(count)s offer is no longer listed: its source does not tell of it any more.",
            "%(count)s offers are no longer listed: their sources do not tell of them any more.",
            count,
            count=number(count),
        )
        yield Task(sentence, desk.url("desk.offers", state=UNLISTED), _("Look at them"))


def _state(edited: Edited, *, listed: bool) -> str:
    offer = edited.offer
    if offer.state is State.PUBLISHED and not listed:
        return _("Published, but not listed")
    if offer.state is State.PUBLISHED and edited.copy is not None:
        return _("Published, with changes that wait")
    if offer.state is State.ARCHIVED and offer.vanished_at:
        return _("Archived")
    return str(labels.STATES[offer.state])


def _since(offer: Offer) -> str | None:
    """Tell since when it is not listed, and why."""
    if offer.vanished_at:
        when = day_of(offer.vanished_at).text
        return _("Its source has not told of it since %(when)s.", when=when)
    if offer.broken_at is None or offer.state is not State.PUBLISHED:
        return None
    check = check_of(offer)
    why = why_broken(check.reason if check else "")
    when = day_of(offer.broken_at).text
    return _("Its address has led nowhere since %(when)s. %(why)s", when=when, why=why)
