"""Calendar files: of an offer for everybody, and of one's own enrolment."""

from __future__ import annotations

from collections.abc import Sequence
from email.utils import parseaddr

from flask import Response, current_app, url_for

from academy.access import current_person, public, signed_in
from academy.accounts.rules import is_email
from academy.config import Settings
from academy.errors import Missing
from academy.i18n import current_language, own_text, text_in
from academy.i18n import gettext as _
from academy.web.pages import absolute
from courses.catalogue import queries as catalogue
from courses.catalogue.models import Offer, State
from courses.catalogue.runs import Meeting
from courses.enrolment import queries
from courses.enrolment.models import Enrolment
from courses.enrolment.rules import NotEnrolled, takes_part
from courses.feeds.ical import MEDIA_TYPE, Hour, calendar
from courses.web.blueprint import bp
from courses.webinars.rules import is_held


@bp.get("/learn/<slug>.ics")
@public
def offer_calendar(slug: str) -> Response:
    """Give the meetings of an offer; the way to join is for those who take part."""
    offer = catalogue.offer_by_slug(slug)
    meetings = [one for run in offer.runs for one in run.meetings]
    url = absolute(url_for("courses.offer", slug=slug))
    return _file(offer, _calendar(offer, meetings, url, _("How to take part: %(url)s", url=url)))


@bp.get("/my/enrolments/<reference>.ics")
@signed_in
def enrolment_calendar(reference: str) -> Response:
    """Give the meetings of a run the person takes part in, with the page on which to join."""
    mine = queries.enrolment_by_reference(reference, current_person())
    if not takes_part(mine):
        raise NotEnrolled
    return _file(mine.run.offer, own_calendar(mine))


def own_calendar(enrolment: Enrolment) -> str:
    """Write the calendar of somebody who takes part; meetings called off are marked so."""
    url = absolute(url_for("courses.join", reference=enrolment.reference))
    way = _("The doors open 15 minutes before. Join here: %(url)s", url=url)
    return _calendar(enrolment.run.offer, enrolment.run.meetings, url, way)


def _calendar(offer: Offer, meetings: Sequence[Meeting], url: str, way: str) -> str:
    """Write a calendar of these meetings.

    Raises Missing where there are none: a calendar is not empty.
    """
    if not meetings:
        raise Missing
    reader = current_language()
    teacher = offer.provider or text_in(offer.institution.name, reader).text
    hours = [_hour(one, offer, told=f"{teacher}\n{way}", url=url) for one in meetings]
    return calendar(hours, name=own_text(offer.titles, reader).text, language=reader)


def _hour(meeting: Meeting, offer: Offer, *, told: str, url: str) -> Hour:
    """Describe a meeting; one of an offer that was withdrawn replaces what people have of it."""
    gone = offer.state is State.ARCHIVED
    reader = current_language()
    title = own_text(offer.titles, reader).text
    own_title = text_in(meeting.title, reader).text
    return Hour(
        uid=meeting.uid,
        sequence=meeting.sequence + gone,
        starts_at=meeting.starts_at,
        ends_at=meeting.ends_at,
        zone=meeting.zone,
        title=_("%(title)s: %(meeting)s", title=title, meeting=own_title) if own_title else title,
        changed_at=offer.changed_at,
        organizer=_organizer(offer),
        description=told,
        url=url,
        cancelled=gone or not is_held(meeting),
    )


def _organizer(offer: Offer) -> tuple[str, str]:
    """Name who organizes, with the address for questions; the academy's where there is none."""
    settings: Settings = current_app.config["SETTINGS"]
    contact = offer.contact if is_email(offer.contact) else parseaddr(settings.mail_from)[1]
    return offer.provider or text_in(offer.institution.name, current_language()).text, contact


def _file(offer: Offer, text: str) -> Response:
    answer = Response(text, mimetype=MEDIA_TYPE)
    answer.headers["Content-Disposition"] = f'attachment; filename="{offer.slug}.ics"'
    answer.headers["X-Robots-Tag"] = "noindex"
    return answer
