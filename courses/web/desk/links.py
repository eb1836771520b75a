"""What needs doing about addresses that lead nowhere, on the front page of a desk."""

from __future__ import annotations

from collections.abc import Iterator

from academy.i18n import gettext as _
from academy.i18n import ngettext, number
from academy.institutions.models import Institution
from academy.institutions.rules import EDITORS
from academy.text import apart
from courses.catalogue.models import Offer
from courses.editing.form import form_of
from courses.links.models import LinkCheck
from courses.links.queries import broken, broken_count
from courses.links.sentences import when_checked, why_broken
from courses.web.desk.editing_page import title_of
from courses.web.desk.frame import Desk, Task, needs_doing

SHOWN = 5


@needs_doing(EDITORS, order=5)
def links_that_lead_nowhere(desk: Desk) -> Iterator[Task]:
    """Name offers that are not listed, because their address does not answer."""
    own = Institution.id == desk.institution.id
    for offer, last in broken(own, limit=SHOWN):
        url = desk.url("desk.edit", slug=offer.slug, _anchor="f-address")
        yield Task(_told(desk, offer, last), url, _("Mend the address"))
    further = broken_count(own) - SHOWN
    if further > 0:
        sentence = ngettext(
            "%(count)s more offer has an address that leads nowhere.",
            "%(count)s more offers have addresses that lead nowhere.",
            further,
            count=number(further),
        )
        yield Task(sentence, desk.url("desk.offers"), _("Look at the offers"))


def _told(desk: Desk, offer: Offer, last: LinkCheck | None) -> str:
    title = apart(title_of(form_of(offer), offer.slug))
    if last is None:
        return _("“%(title)s” is not listed: its address leads nowhere.", title=title)
    return _(
        "“%(title)s” is not listed: its address leads nowhere. %(reason)s %(checked)s",
        title=title,
        reason=why_broken(last.reason),
        checked=when_checked(last.checked_at, desk.now),
    )
