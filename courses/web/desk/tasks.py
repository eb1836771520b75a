"""What needs doing about an institution's offers, as sentences for the front page of its desk."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from academy.i18n import gettext as _
from academy.i18n import ngettext, number
from academy.institutions.rules import EDITORS
from academy.text import apart
from academy.web.moments import day_of
from courses.catalogue.models import State
from courses.editing import queries, rules
from courses.editing.form import form_of
from courses.editing.queries import Wanted
from courses.vocabularies.queries import vocabularies
from courses.web.desk.editing_page import title_of
from courses.web.desk.frame import Desk, Task, needs_doing

SHOWN = 5
SOON, LATELY = timedelta(days=30), timedelta(days=60)
ONE_BY_ONE = Wanted(state=State.PUBLISHED, lacking=True)


@needs_doing(EDITORS, order=10)
def changes_that_wait(desk: Desk) -> Iterator[Task]:
    """Name published offers with changes that nobody sees yet."""
    for one in queries.waiting_copies(desk.institution, limit=SHOWN):
        title = apart(title_of(rules.current_form(one.offer, one.copy), one.offer.slug))
        yield Task(
            _("“%(title)s” has changes that nobody sees yet.", title=title),
            desk.url("desk.difference", slug=one.offer.slug),
            _("See what changes, and publish"),
        )


@needs_doing(EDITORS, order=20)
def drafts(desk: Desk) -> Iterator[Task]:
    """Count the drafts."""
    count = queries.edited_count(desk.institution, Wanted(state=State.DRAFT))
    if count:
        sentence = ngettext(
            "%(count)s draft is not published yet.",
            "%(count)s drafts are not published yet.",
            count,
            count=number(count),
        )
        url = desk.url("desk.offers", state=State.DRAFT.value)
        yield Task(sentence, url, _("Look at the drafts"))


@needs_doing(EDITORS, order=30)
def offers_that_end(desk: Desk) -> Iterator[Task]:
    """Name offers that end soon, or have just ended, and have no further edition."""
    since, until = desk.now - LATELY, desk.now + SOON
    ends = queries.ending(desk.institution, now=desk.now, since=since, until=until, limit=SHOWN)
    for offer, end in ends:
        title, day = apart(title_of(form_of(offer), offer.slug)), day_of(end).text
        if end < desk.now:
            sentence = _("“%(title)s” ended on %(day)s.", title=title, day=day)
        else:
            sentence = _("“%(title)s” ends on %(day)s.", title=title, day=day)
        url = desk.url("desk.edit", slug=offer.slug, _anchor="f-runs")
        yield Task(sentence, url, _("Add an edition, or withdraw it"))


@needs_doing(EDITORS, order=40)
def offers_that_lack_something(desk: Desk) -> Iterator[Task]:
    """Name published offers that lack what others need before they are published."""
    vocabulary = vocabularies()
    for one in queries.edited(desk.institution, ONE_BY_ONE, size=SHOWN):
        form = rules.current_form(one.offer, one.copy)
        lacking = rules.how_complete(form, vocabulary).lacking
        if lacking:
            title = apart(title_of(form, one.offer.slug))
            url = desk.url("desk.edit", slug=one.offer.slug, _anchor=f"f-{lacking[0].field}")
            advice = str(lacking[0].sentence)
            yield Task(
                _("“%(title)s” lacks something. %(advice)s", title=title, advice=advice),
                url,
                _("Complete it"),
            )
    total = queries.edited_count(desk.institution, ONE_BY_ONE)
    if total > SHOWN:
        sentence = ngettext(
            "%(count)s published offer lacks something that people look for.",
            "%(count)s published offers lack something that people look for.",
            total,
            count=number(total),
        )
        url = desk.url("desk.offers", state=State.PUBLISHED.value, lacking="yes")
        yield Task(sentence, url, _("Look at them"))
