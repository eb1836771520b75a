"""The page on which one leaves the academy: for a partner's site, or for a meeting."""

from __future__ import annotations

from urllib.parse import urlsplit

from flask import Response, make_response, render_template, url_for
from werkzeug.urls import iri_to_uri

from academy.access import public
from academy.errors import Missing
from academy.i18n import current_language, own_text, text_in
from academy.i18n import gettext as _
from courses.catalogue import queries as catalogue
from courses.catalogue.models import Offer
from courses.catalogue.texts import LanguageRole
from courses.web.blueprint import bp
from courses.web.cards import languages

SECONDS_BEFORE_LEAVING = 5


@bp.get("/learn/<slug>/leave")
@public
def leaving(slug: str) -> Response:
    """Say where the way leads, and lead there in a moment."""
    found = catalogue.offer_by_slug(slug)
    if not found.address:
        raise Missing
    return leaving_page(found, found.address, back=url_for("courses.offer", slug=slug))


def leaving_page(offer: Offer, target: str, *, back: str) -> Response:
    """Make the page that leads from a whole offer to an address elsewhere."""
    reader = current_language()
    taught = languages(offer, LanguageRole.TAUGHT)
    speaks = any(one.base == reader for one in offer.languages)
    page = render_template(
        "courses/leaving.html",
        target_name=offer.provider or text_in(offer.institution.name, reader).text,
        target_url=target,
        target_host=urlsplit(target).hostname,
        offer={"title": own_text(offer.titles, reader), "url": back},
        language_note=None if speaks else _("The site may be in %(languages)s.", languages=taught),
        seconds=SECONDS_BEFORE_LEAVING,
    )
    response = make_response(page)
    # Headers are ASCII; addresses may be written in any script.
    response.headers["Refresh"] = f"{SECONDS_BEFORE_LEAVING}; url={iri_to_uri(target)}"
    response.headers["X-Robots-Tag"] = "noindex"
    return response
