"""Pages of mails: which ones a person gets, and saying no to some without signing in."""

from __future__ import annotations

from flask import Blueprint, flash, g, redirect, render_template, request, url_for
from marshmallow import Schema, fields
from werkzeug.wrappers import Response

from academy.access import current_person, public, signed_in
from academy.db import unit_of_work, utcnow
from academy.i18n import gettext as _
from academy.notices import operations, queries
from academy.notices.models import Group
from academy.notices.phrases import ABOUT, GROUPS
from academy.notices.rules import ALWAYS_SENT, REFUSABLE
from academy.notices.unsubscribing import unsigned
from academy.security import csrf
from academy.web.forms import Form

bp = Blueprint("notices", __name__, url_prefix="/<language:lang>", template_folder="templates")
ONE_CLICK = ("List-Unsubscribe", "One-Click")
"""What a mail program sends when somebody presses its own button (RFC 8058)."""

MailsSchema = Schema.from_dict({group.value: fields.String() for group in REFUSABLE})
"""What choosing takes: the name of each group that is wanted."""


@bp.get("/my/mails")
@signed_in
def preferences() -> str:
    """Show which mails the person gets."""
    person = current_person()
    muted = queries.muted_groups(person)
    return render_template(
        "notices/preferences.html",
        action=url_for("notices.preferences_post"),
        groups=[_shown(group, group not in muted) for group in Group],
        email=person.email,
        dead=queries.dead_address(person.email),
        mend_url=url_for("notices.mend"),
    )


@bp.post("/my/mails")
@signed_in
def preferences_post() -> Response:
    """Keep which mails the person wants."""
    form = Form.read(MailsSchema())
    wanted = {Group(name) for name in form.cleaned}
    with unit_of_work():
        operations.choose_groups(current_person(), wanted, now=utcnow())
    flash(_("Your choice is kept."), "ok")
    return redirect(url_for("notices.preferences"), 303)


@bp.post("/my/mails/mend")
@signed_in
def mend() -> Response:
    """Send to the person's address again, after mails to it had come back."""
    with unit_of_work():
        operations.revive_address(current_person().email)
    flash(_("Mails go to your address again."), "ok")
    return redirect(url_for("notices.preferences"), 303)


@bp.get("/unsubscribe/<token>")
@public
def unsubscribe(token: str) -> str:
    """Ask whether mails of a group are not wanted any more, or show that they are not sent."""
    g.private = g.noindex = True
    person, group = unsigned(token)
    return render_template(
        "notices/unsubscribe.html",
        group=_shown(group, group not in queries.muted_groups(person)),
        mute_url=url_for("notices.unsubscribe_post", token=token),
        unmute_url=url_for("notices.subscribe_post", token=token),
        all_url=url_for("notices.preferences"),
    )


@bp.post("/unsubscribe/<token>")
@public
def unsubscribe_post(token: str) -> Response:
    """Send no more mails of this group: asked for on the page, or by a mail program."""
    with unit_of_work():
        person, group = unsigned(token)
        operations.mute(person, group, now=utcnow())
    name, value = ONE_CLICK
    if request.form.get(name) == value:
        # Programs that do this follow no redirect.
        return Response("", 200, mimetype="text/plain")
    return redirect(url_for("notices.unsubscribe", token=token), 303)


@bp.post("/unsubscribe/<token>/undo")
@public
def subscribe_post(token: str) -> Response:
    """Take it back: send mails of this group again."""
    with unit_of_work():
        person, group = unsigned(token)
        operations.unmute(person, group)
    return redirect(url_for("notices.unsubscribe", token=token), 303)


# Who has the address has the mail: that is all these forms need to know, and all that a mail
# program can send.
csrf.exempt(unsubscribe_post)
csrf.exempt(subscribe_post)


def _shown(group: Group, wanted: bool) -> dict[str, object]:
    return {
        "name": group.value,
        "label": GROUPS[group],
        "about": ABOUT[group],
        "wanted": wanted,
        "always": group in ALWAYS_SENT,
    }
