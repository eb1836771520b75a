"""What the mails about taking part share: whom and what it is about, the facts, the ways."""

from __future__ import annotations

from dataclasses import dataclass

from flask import url_for

from academy.accounts.models import Person
from academy.i18n import current_language, own_text, text_in
from academy.i18n import gettext as _
from academy.notices.composing import Action, Attachment, Reader
from academy.notices.models import Notice
from academy.notices.moments import day_for, moment_for
from academy.tokens.models import Purpose
from academy.tokens.operations import make_token
from academy.web.pages import absolute
from courses.catalogue.runs import Meeting
from courses.enrolment.models import Enrolment
from courses.enrolment.queries import enrolment_told_of
from courses.feeds.ical import MEDIA_TYPE
from courses.web.calendars import own_calendar
from courses.webinars.rules import is_held

Facts = list[tuple[str, str]]
MOST_HOURS = 6


@dataclass(frozen=True, slots=True)
class Occasion:
    """An enrolment as the mails about it speak of it."""

    mine: Enrolment
    person: Person
    reader: Reader

    @property
    def title(self) -> str:
        """The offer's title, in its own language."""
        return own_text(self.mine.run.offer.titles, current_language()).text

    @property
    def teacher(self) -> str:
        """Who teaches."""
        offer = self.mine.run.offer
        return offer.provider or text_in(offer.institution.name, current_language()).text

    @property
    def coming(self) -> list[Meeting]:
        """The meetings that will be held, soonest first."""
        meetings = self.mine.run.meetings
        return [one for one in meetings if is_held(one) and one.ends_at >= self.reader.now]

    def page(self, name: str = "enrolment") -> str:
        """Address a page of the enrolment."""
        return absolute(url_for(f"courses.{name}", reference=self.mine.reference))

    def catalogue_page(self) -> str:
        """Address the catalogue."""
        return absolute(url_for("courses.learn"))

    def by_token(self, name: str, purpose: Purpose) -> str:
        """Address what the reader can do without signing in, with a token made for this mail."""
        secret = make_token(self.person, purpose, now=self.reader.now, subject=self.mine.reference)
        return absolute(url_for(f"courses.{name}", token=secret.token))

    def withdrawing(self) -> Action:
        """Give the way out, which needs no sign-in."""
        return Action(_("I cannot come"), self.by_token("withdraw_by_mail", Purpose.WITHDRAW))

    def to_enrolment(self) -> Action:
        """Give the way to the page that says what happens next."""
        return Action(_("What happens next"), self.page())

    def calendar(self) -> list[Attachment]:
        """Attach the calendar file, where there are meetings."""
        if not self.mine.run.meetings:
            return []
        body = own_calendar(self.mine).encode()
        parameters = {"method": "PUBLISH", "charset": "utf-8"}
        return [Attachment("meeting.ics", MEDIA_TYPE, body, parameters)]

    def facts(self) -> Facts:
        """Tell when it is and who teaches; the way to join is in the calendar and on the page."""
        return [*self._when(), (_("Institution"), self.teacher)]

    def _when(self) -> Facts:
        run, reader = self.mine.run, self.reader
        hours = [(_("When"), moment_for(reader, one.starts_at)) for one in self.coming]
        if hours:
            join = [(_("To join"), self.page("join"))]
            return [*hours[:MOST_HOURS], *join]
        dates = ((_("Begins"), run.starts_at), (_("Ends"), run.ends_at))
        return [(label, day_for(reader, at)) for label, at in dates if at is not None]


def occasion(notice: Notice, reader: Reader) -> Occasion | None:
    """Find what a notice is about; None when it is gone, or nobody's any more."""
    mine = enrolment_told_of(notice.details["enrolment"])
    if mine is None or reader.person is None or mine.person_id != reader.person.id:
        return None
    return Occasion(mine, mine.person, reader)


def meeting_of(told: Occasion, notice: Notice) -> Meeting | None:
    """Find the meeting a notice is about."""
    meetings = told.mine.run.meetings
    return next((one for one in meetings if one.uid == notice.details["uid"]), None)
