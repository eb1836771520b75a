"""The mail to somebody who was asked to moderate a run."""

from __future__ import annotations

from flask import url_for

from academy.i18n import current_language, own_text, text_in
from academy.i18n import gettext as _
from academy.notices.composing import Action, Mail, Reader, mail
from academy.notices.models import Group, Notice
from academy.notices.moments import moment_for
from academy.web.pages import absolute
from courses.catalogue.rules import is_over, is_visible
from courses.catalogue.runs import Run
from courses.notices.occasion import MOST_HOURS, Facts
from courses.webinars.moderating import moderated_run
from courses.webinars.rules import is_held


@mail("facilitator-appointed", Group.WORK)
def facilitator_appointed(notice: Notice, reader: Reader) -> Mail | None:
    """Say what the person moderates, when it is and where it is prepared; not once they do not."""
    run = _still_moderated(notice, reader)
    if run is None:
        return None
    title = own_text(run.offer.titles, current_language()).text
    return Mail(
        subject=_("You moderate “%(title)s”", title=title),
        paragraphs=[
            _("You were asked to moderate “%(title)s”.", title=title),
            _("My webinars lists what to do before, on the day and after."),
        ],
        action=Action(_("My webinars"), absolute(url_for("courses.my_webinars"))),
        facts=_facts(run, reader),
    )


def _still_moderated(notice: Notice, reader: Reader) -> Run | None:
    """Find the run, if it is still to come and the reader still moderates it."""
    run = moderated_run(reader.person, notice.details["run"]) if reader.person else None
    if run is None or not is_visible(run.offer):
        return None
    return None if is_over(run, run.offer.kind, reader.now) else run


def _facts(run: Run, reader: Reader) -> Facts:
    coming = [one for one in run.meetings if is_held(one) and one.ends_at >= reader.now]
    hours = [(_("When"), moment_for(reader, one.starts_at)) for one in coming[:MOST_HOURS]]
    place = text_in(run.offer.institution.name, current_language()).text
    return [*hours, (_("Institution"), place)]
