"""The stewards' page of mails: what waits, what was sent, what failed, and one more try."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from flask import current_app, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from academy import audit
from academy.access import current_person, steward
from academy.config import Settings
from academy.db import db, unit_of_work, utcnow
from academy.errors import Conflict, Missing
from academy.health import Heartbeat
from academy.i18n import gettext as _
from academy.i18n import ngettext
from academy.notices import operations, queries, rules
from academy.notices.jobs import AWAY
from academy.notices.models import Notice, NoticeState
from academy.notices.pages import bp
from academy.notices.phrases import GROUPS, STATES, kind_told, kinds_named
from academy.notices.queries import Wanted
from academy.text import clean_line
from academy.web.moments import moment

PAGE = 50
SHOWN_STATES = (
    *(NoticeState.WAITING, NoticeState.PARKED),
    *(NoticeState.SENT, NoticeState.DROPPED, NoticeState.SENDING),
)


@bp.get("/secretariat/mails")
@steward
def desk() -> str:
    """List mails, the latest first, by state, address or kind."""
    wanted, number = _wanted(), _page_number()
    total = queries.count_wanted(wanted)
    found = queries.wanted_notices(wanted, limit=PAGE, offset=(number - 1) * PAGE)
    return render_template(
        "notices/desk.html",
        notices=[_shown(notice) for notice in found],
        tabs=list(_tabs(wanted)),
        wanted=wanted,
        total=ngettext("%(num)d mail", "%(num)d mails", total),
        status=_status(),
        test_url=url_for("notices.send_test"),
        earlier_url=_page_url(wanted, number + 1) if total > number * PAGE else None,
        later_url=_page_url(wanted, number - 1) if number > 1 else None,
    )


@bp.post("/secretariat/mails/<reference>/again")
@steward
def send_again(reference: str) -> Response:
    """Begin anew with a mail that was given up."""
    with unit_of_work():
        notice = queries.notice_by_reference(reference)
        if notice is None:
            raise Missing
        if not operations.send_again(notice, now=utcnow()):
            raise Conflict
        by, thing = current_person(), f"notice:{reference}"
        audit.note("notice-sent-again", thing, by=by, now=utcnow())
    flash(_("The mail is tried again now."), "ok")
    return redirect(url_for("notices.desk", state=NoticeState.PARKED.value), 303)


@bp.post("/secretariat/mails/test")
@steward
def send_test() -> Response:
    """Send a mail to the steward who asks."""
    with unit_of_work():
        person, now = current_person(), utcnow()
        operations.notify("test", person, about=f"{person.reference}:{now.isoformat()}", now=now)
    flash(_("The test mail is on its way: this list says how it stands."), "ok")
    return redirect(url_for("notices.desk"), 303)


def waiting_told(number: int) -> str:
    """Say how many mails could not be sent."""
    return ngettext("%(num)d mail could not be sent", "%(num)d mails could not be sent", number)


def _wanted() -> Wanted:
    state = request.args.get("state", "")
    known = {one.value: one for one in NoticeState}
    text = clean_line(request.args.get("q", ""), limit=254)
    return Wanted(known.get(state), text, kinds_named(text))


def _page_number() -> int:
    text = request.args.get("page", "1")
    return max(1, int(text)) if text.isascii() and text.isdecimal() and len(text) < 6 else 1


def _page_url(wanted: Wanted, number: int) -> str:
    state = wanted.state.value if wanted.state else None
    page = number if number > 1 else None
    return url_for("notices.desk", state=state, q=wanted.text or None, page=page)


def _tabs(wanted: Wanted) -> Iterator[dict[str, Any]]:
    counted = queries.count_by_state()
    everything = replace(wanted, state=None)
    yield {
        "label": _("All"),
        "count": sum(counted.values()),
        "url": _page_url(everything, 1),
        "current": wanted.state is None,
    }
    for state in SHOWN_STATES:
        yield {
            "label": STATES[state],
            "count": counted.get(state, 0),
            "url": _page_url(replace(wanted, state=state), 1),
            "current": wanted.state is state,
        }


def _shown(notice: Notice) -> dict[str, Any]:
    problem = rules.WHY_DROPPED.get(notice.problem, notice.problem)
    again = url_for("notices.send_again", reference=notice.reference)
    return {
        "subject": notice.subject,
        "kind": kind_told(notice.kind),
        "group": GROUPS[notice.group],
        "address": notice.address or (notice.person.email if notice.person else ""),
        "state": STATES[notice.state],
        "bad": notice.state is NoticeState.PARKED,
        "when": moment(notice.sent_at or notice.due_at),
        "attempts": notice.attempts,
        "problem": problem,
        "again_url": again if rules.may_send_again(notice) else None,
    }


def _status() -> dict[str, Any]:
    """Tell whether mails go out at all."""
    settings: Settings = current_app.config["SETTINGS"]
    away = db.session.get(Heartbeat, AWAY)
    return {
        "folder": settings.mail_folder is not None,
        "configured": bool(settings.mail_url),
        "away": str(away.details.get("problem", "")) if away else "",
        "since": moment(away.beat_at) if away else None,
        "sender": settings.mail_from,
        "test_to": current_person().email,
    }
