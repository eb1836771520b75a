"""A form whose token is too old is not lost: a page sends the same answers with a new one."""

from __future__ import annotations

from urllib.parse import urlsplit

from flask import current_app, render_template, request
from flask_babel import lazy_gettext as _l

from academy.config import Settings
from academy.web.forms import NEVER_SHOWN_AGAIN

HEADING = _l("This form was open for a long time")
SENTENCE = _l(
    "It was made for another visit: somebody signed in or out, or the browser was closed."
)


def can_send_again() -> bool:
    """Tell whether a form without a good token came from a page of ours.

    Only then may its answers be shown with a button: from another site, that button would be the
    very thing that the token is there to stop. Browsers say where a form came from.
    """
    settings: Settings = current_app.config["SETTINGS"]
    ours = {request.host_url.rstrip("/"), settings.base_url}
    fetched = request.headers.get("Sec-Fetch-Site", "same-origin")
    origin = request.headers.get("Origin") or _origin(request.referrer)
    return fetched == "same-origin" and origin in ours and bool(request.form)


def page_to_send_again() -> str:
    """Make the page with everything that was typed but secrets, and one button."""
    fields = [
        {"name": name, "value": text.replace("\x00", "")}
        for name, text in request.form.items(multi=True)
        if name not in NEVER_SHOWN_AGAIN
    ]
    return render_template(
        "errors/send_again.html",
        heading=HEADING,
        sentence=SENTENCE,
        action=request.full_path.rstrip("?"),
        fields=fields,
    )


def _origin(address: str | None) -> str | None:
    parts = urlsplit(address or "")
    return f"{parts.scheme}://{parts.netloc}" if parts.netloc else None
