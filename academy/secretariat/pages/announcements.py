"""Announcements: what stands above every page, from when to when, in which words."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo, available_timezones

from flask import flash, redirect, render_template, url_for
from flask_babel import lazy_gettext as _l
from marshmallow import Schema, ValidationError, fields
from werkzeug.wrappers import Response

from academy.access import current_person, steward
from academy.announcements import operations, queries, rules
from academy.announcements.models import Announcement
from academy.announcements.operations import Content
from academy.db import unit_of_work, utcnow
from academy.i18n import PUBLISHED, current_language, language_name, text_in
from academy.i18n import gettext as _
from academy.secretariat.pages.frame import bp
from academy.text import clean_line
from academy.web.forms import REQUIRED, Form
from academy.web.moments import moment
from academy.web.paging import SIZE, Page

LOCAL = "%Y-%m-%dT%H:%M"
WRITE_A_DATE = {"invalid": _l("Choose a day and an hour.")}
A_DATE = {**WRITE_A_DATE, "required": REQUIRED["required"]}


def _check_zone(name: str) -> None:
    if name not in available_timezones():
        raise ValidationError(str(_l("Write a time zone such as Europe/Paris, or UTC.")))


class AnnouncementSchema(Schema):
    """What an announcement takes; hours are those of the zone."""

    text_en = fields.String(required=True, error_messages={"required": rules.NO_WORDS})
    text_fr = fields.String(load_default="")
    text_es = fields.String(load_default="")
    starts = fields.NaiveDateTime(LOCAL, required=True, error_messages=A_DATE)
    ends = fields.NaiveDateTime(LOCAL, load_default=None, error_messages=WRITE_A_DATE)
    zone = fields.String(required=True, error_messages=REQUIRED, validate=_check_zone)


@bp.get("/announcements")
@steward
def announcements() -> str:
    """List what was, is and will be announced, and show the form for something new."""
    zone = current_person().zone
    values = {"zone": zone, "starts": utcnow().astimezone(ZoneInfo(zone)).strftime(LOCAL)}
    return _page(Form(action=url_for("secretariat.announce"), values=values))


@bp.post("/announcements")
@steward
def announce() -> Response | tuple[str, int]:
    """Announce something."""
    form = Form.read(AnnouncementSchema())
    with form.refusals_shown():
        if form.sound:
            with unit_of_work():
                operations.announce(_content(form), by=current_person(), now=utcnow())
            flash(_("The announcement is saved."), "ok")
            return _back()
    return _page(form), 422


@bp.get("/announcements/<reference>")
@steward
def announcement(reference: str) -> str:
    """Show an announcement in the form, to be written anew."""
    found = queries.announcement_by_reference(reference)
    action = url_for("secretariat.revise_announcement", reference=reference)
    return _one_page(Form(action=action, values=_values(found)))


@bp.post("/announcements/<reference>")
@steward
def revise_announcement(reference: str) -> Response | tuple[str, int]:
    """Write an announcement anew."""
    form = Form.read(AnnouncementSchema())
    with form.refusals_shown():
        if form.sound:
            with unit_of_work():
                found = queries.announcement_by_reference(reference)
                operations.revise(found, _content(form), by=current_person(), now=utcnow())
            flash(_("The announcement is saved."), "ok")
            return _back()
    return _one_page(form), 422


@bp.post("/announcements/<reference>/end")
@steward
def end_announcement(reference: str) -> Response:
    """Stop showing an announcement."""
    with unit_of_work():
        found = queries.announcement_by_reference(reference)
        operations.end(found, by=current_person(), now=utcnow())
    flash(_("The announcement has ended. Some visitors may see it for one more minute."), "ok")
    return _back()


def _back() -> Response:
    return redirect(url_for("secretariat.announcements"), 303)


def _content(form: Form) -> Content:
    sent, zone = form.cleaned, ZoneInfo(form.cleaned["zone"])

    def instant(local: datetime | None) -> datetime | None:
        return local.replace(tzinfo=zone).astimezone(UTC) if local else None

    texts = {code: clean_line(sent[f"text_{code}"], limit=rules.LONGEST) for code in PUBLISHED}
    starts = instant(sent["starts"]) or utcnow()
    return Content(texts, starts, instant(sent["ends"]), sent["zone"])


def _values(found: Announcement) -> dict[str, str]:
    zone = ZoneInfo(found.zone)
    ends = found.ends_at
    return {
        **{f"text_{code}": found.texts.get(code, "") for code in PUBLISHED},
        "starts": found.starts_at.astimezone(zone).strftime(LOCAL),
        "ends": ends.astimezone(zone).strftime(LOCAL) if ends else "",
        "zone": found.zone,
    }


def _row(found: Announcement) -> dict[str, Any]:
    now = utcnow()
    over = found.ends_at is not None and found.ends_at <= now
    return {
        "text": text_in(found.texts, current_language()),
        "starts": moment(found.starts_at),
        "ends": moment(found.ends_at) if found.ends_at else None,
        "over": over,
        "shown": found.starts_at <= now and not over,
        "url": url_for("secretariat.announcement", reference=found.reference),
        "end_url": url_for("secretariat.end_announcement", reference=found.reference),
    }


def _texts() -> list[dict[str, Any]]:
    reader = current_language()
    return [
        {
            "name": f"text_{code}",
            "label": _("In this language: %(language)s", language=language_name(code, reader)),
            "required": code == PUBLISHED[0],
        }
        for code in PUBLISHED
    ]


def _page(form: Form) -> str:
    page = Page.asked()
    found = queries.all_announcements(limit=SIZE, offset=page.offset)
    return render_template(
        "secretariat/announcements.html",
        form=form,
        texts=_texts(),
        announcements=[_row(one) for one in found],
        pages=page.ways(queries.announcement_count()),
    )


def _one_page(form: Form) -> str:
    return render_template("secretariat/announcement.html", form=form, texts=_texts())
