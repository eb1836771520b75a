"""/bridges/moochub/courses: the catalogue for other catalogues, where they look for it."""

from __future__ import annotations

import json

from flask import Blueprint, Response, url_for

from academy.access import public
from academy.web.pages import absolute
from academy.web.paging import Page
from courses.api.exporting import marked, named, page_of
from courses.feeds import moochub, outgoing

bp = Blueprint("bridges", __name__, url_prefix="/bridges")


@bp.get("/moochub/courses")
@public
def moochub_courses() -> Response:
    """Give a page of the listed offers as MOOChub v3."""
    page = Page.asked(moochub.PAGE_SIZE)
    address = absolute(url_for("bridges.moochub_courses"))
    total = outgoing.count()
    courses = [
        moochub.course(one.offer, name=named(one), page=page_of(one.offer))
        for one in outgoing.page_of(page.number, page.size)
    ]
    links = moochub.links_of(page.number, total, address)
    told = json.dumps(moochub.document(courses, links), ensure_ascii=False)
    response = Response(told, content_type=moochub.MEDIA_TYPE)
    return marked(response, outgoing.mark("moochub", str(page.number)))
