"""The sentences of links: why an address is thought to lead nowhere, and when we looked."""

from __future__ import annotations

from datetime import datetime

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l

from academy.i18n import gettext as _
from academy.i18n import ngettext, number
from academy.outbound import Why
from courses.links.rules import FRONT, NOT_FOUND

_REASONS: dict[str, LazyString] = {
    "404": _l("The page is not found there."),
    "410": _l("The page was taken away for good."),
    FRONT: _l("It leads to the front page of the site instead."),
    NOT_FOUND: _l("It leads to a page that says that nothing was found."),
    Why.UNKNOWN: _l("There is no site of this name."),
    Why.UNREACHABLE: _l("The site cannot be reached."),
    Why.CERTIFICATE: _l("The certificate of the site is not valid."),
    Why.INSECURE: _l("The site does not offer a secure connection."),
    Why.SLOW: _l("The site does not answer in time."),
    Why.BROKEN: _l("The site breaks the connection off."),
    Why.NOT_HTTP: _l("What answers there is no web site."),
    Why.REDIRECTS: _l("It leads from one address to the next without end."),
}


def why_broken(reason: str) -> str:
    """Say why an address is thought to lead nowhere."""
    known = _REASONS.get(reason)
    if known is None and reason.isdecimal():
        return _("The site answers with an error (%(status)s).", status=reason)
    return str(known or _("The page does not open."))


def when_checked(at: datetime, now: datetime) -> str:
    """Say when we looked, in days."""
    days = max(0, (now - at).days)
    if not days:
        return _("Checked today.")
    return ngettext(
        "Checked %(count)s day ago.", "Checked %(count)s days ago.", days, count=number(days)
    )
