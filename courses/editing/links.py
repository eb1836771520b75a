"""Where a meeting is held and where its recording is, set without editing the whole offer."""

from __future__ import annotations

from collections.abc import Mapping
from copy import deepcopy
from datetime import datetime

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l

from academy.accounts.models import Person
from academy.audit import note
from academy.db import db
from academy.errors import Invalid, Missing
from academy.text import is_web_address
from courses.catalogue.models import Offer
from courses.catalogue.runs import Meeting
from courses.editing import queries, versions
from courses.editing.fields import changes_between
from courses.editing.form import Content
from courses.editing.models import VersionSource, WorkingCopy
from courses.editing.operations import hold

LINKS = ("join_link", "recording")
LONGEST = 2_000


def set_links(
    offer: Offer, uid: str, links: Mapping[str, str], *, person: Person, now: datetime
) -> None:
    """Set the links (LINKS) of one meeting of a whole offer, at once; "" takes one away.

    The working copy beside the live page says the same from now on, or its publication would
    bring the old link back. Nobody is told. Raises Missing when there is no such meeting, Invalid
    for what is no address of the web.
    """
    hold(offer)
    meeting = _meeting(offer, uid)
    _check(links)
    before = versions.snapshot(offer)
    for name in LINKS:
        setattr(meeting, name, links[name])
    copy = queries.copy_of(offer)
    if copy is not None:
        _say_in(copy, uid, links)
    db.session.flush()
    after = versions.snapshot(offer)
    if before == after:
        return
    if offer.published_at:
        source = VersionSource.HUMAN
        versions.record_version(offer, before, after, source=source, person=person, now=now)
    fields = list(changes_between(before, after))
    note("links-set", f"offer:{offer.slug}", by=person, now=now, fields=fields)


def _meeting(offer: Offer, uid: str) -> Meeting:
    meetings = (one for run in offer.runs for one in run.meetings)
    found = next((one for one in meetings if one.uid == uid), None)
    if found is None:
        raise Missing
    return found


def _check(links: Mapping[str, str]) -> None:
    wrong: dict[str, str | LazyString] = {
        name: _l("Give the whole address, beginning with https://.")
        for name in LINKS
        if links[name] and (len(links[name]) > LONGEST or not is_web_address(links[name]))
    }
    if wrong:
        raise Invalid(wrong)


def _say_in(copy: WorkingCopy, uid: str, links: Mapping[str, str]) -> None:
    copy.content, copy.base = _with(copy.content, uid, links), _with(copy.base, uid, links)
    copy.revision += 1


def _with(content: Content, uid: str, links: Mapping[str, str]) -> Content:
    told = deepcopy(content)
    for run in told["runs"]:
        for meeting in run["meetings"]:
            if meeting["uid"] == uid:
                meeting.update({name: links[name] for name in LINKS})
    return told
