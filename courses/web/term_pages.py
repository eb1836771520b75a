"""Pages of issues and methods: what each is called, its offers, and the ways between them."""

from __future__ import annotations

from typing import Any

from flask import redirect, render_template, url_for
from werkzeug.wrappers import Response

from academy.access import public
from academy.db import utcnow
from academy.errors import Missing
from academy.i18n import Words, current_language, text_in
from academy.i18n import gettext as _
from courses.catalogue import queries as catalogue
from courses.search.find import find
from courses.search.params import SearchParams
from courses.vocabularies.models import Term, Vocabulary
from courses.vocabularies.queries import Vocabularies, vocabularies
from courses.web import phrases
from courses.web.blueprint import bp
from courses.web.topics import Beside, Link, topic_page

ENDPOINTS = {Vocabulary.ISSUE: "courses.issue", Vocabulary.METHODOLOGY: "courses.methodology"}
LISTS = {Vocabulary.ISSUE: "courses.issues", Vocabulary.METHODOLOGY: "courses.methodologies"}
MOST_OTHER_WORDS = 12


@bp.get("/issues")
@public
def issues() -> str:
    """List the issues, each followed by the narrower ones, with how much there is of each."""
    return _list(Vocabulary.ISSUE, _("What cities ask about, and what there is to learn on each."))


@bp.get("/issues/<code>")
@public
def issue(code: str) -> Response | str:
    """Show an issue, and the offers about it or something narrower."""
    return _page(Vocabulary.ISSUE, code)


@bp.get("/methodologies")
@public
def methodologies() -> str:
    """List the ways of learning, with how much there is of each."""
    return _list(Vocabulary.METHODOLOGY, _("The ways in which people learn here."))


@bp.get("/methodologies/<code>")
@public
def methodology(code: str) -> Response | str:
    """Show a way of learning, and the offers that work so."""
    return _page(Vocabulary.METHODOLOGY, code)


def term_url(term: Term) -> str:
    """Address the page of an issue or a method."""
    return url_for(ENDPOINTS[term.vocabulary], code=term.code)


def term_links(terms: list[Term], vocabulary: Vocabulary) -> list[Link]:
    """Link those of the terms that are of a vocabulary, in their order."""
    return [_link(term) for term in terms if term.vocabulary is vocabulary]


def _list(vocabulary: Vocabulary, lead: str) -> str:
    known, counts = vocabularies(), find(SearchParams(), now=utcnow()).counts[vocabulary.value]
    return render_template(
        "courses/terms.html",
        name=_list_name(vocabulary),
        lead=lead,
        crumbs=[{"label": _("Find learning"), "url": url_for("courses.learn")}],
        rows=[_row(term, known, counts[term.code]) for term in known.of(vocabulary)],
    )


def _row(term: Term, known: Vocabularies, count: int) -> dict[str, Any]:
    return {
        **_link(term),
        "line": known.top(term).code if term.vocabulary is Vocabulary.ISSUE else None,
        "narrower": term.broader_id is not None,
        "count": count,
        "count_label": phrases.offers(count),
    }


def _page(vocabulary: Vocabulary, code: str) -> Response | str:
    known = vocabularies()
    term = known.by_code.get((vocabulary, code))
    if term is None:
        raise Missing
    if term.replaced_by_id is not None:
        return redirect(term_url(known.by_id[term.replaced_by_id]), 301)
    above = known.broader(term)
    narrower = _below(term.id, vocabulary, known)
    return topic_page(
        text_in(term.labels, current_language()),
        known,
        catalogue.carrying([term, *narrower]),
        above=[_list_link(vocabulary), *([_link(above)] if above else [])],
        beside=_beside(term, narrower, known),
        told=_told(term),
    )


def _told(term: Term) -> dict[str, Any]:
    """Introduce a term: what is found here, its other names, and the list that can be filtered."""
    reader = current_language()
    name = text_in(term.labels, reader).text
    if term.vocabulary is Vocabulary.ISSUE:
        lead = _("%(issue)s: courses and webinars from city networks and institutes.", issue=name)
    else:
        lead = _("%(method)s: courses and webinars that work in this way.", method=name)
    others = term.alternatives.get(reader, [])[:MOST_OTHER_WORDS]
    chosen: dict[str, Any] = {term.vocabulary.value: term.code}
    return {
        "lead": lead,
        "others": _("Also found as: %(words)s", words=_(", ").join(others)) if others else None,
        "filter_url": url_for("courses.learn", **chosen),
    }


def _beside(term: Term, narrower: list[Term], known: Vocabularies) -> Beside:
    if narrower:
        return Beside(_("More precisely"), [_link(one) for one in narrower])
    around = _below(term.broader_id, term.vocabulary, known)
    label = _("Other issues") if term.vocabulary is Vocabulary.ISSUE else _("Other methods")
    return Beside(label, [_link(one) for one in around if one is not term])


def _below(key: int | None, vocabulary: Vocabulary, known: Vocabularies) -> list[Term]:
    return [term for term in known.of(vocabulary) if term.broader_id == key]


def _link(term: Term) -> Link:
    return {"name": text_in(term.labels, current_language()), "url": term_url(term)}


def _list_link(vocabulary: Vocabulary) -> Link:
    return {"name": _list_name(vocabulary), "url": url_for(LISTS[vocabulary])}


def _list_name(vocabulary: Vocabulary) -> Words:
    return Words(_("Issues") if vocabulary is Vocabulary.ISSUE else _("Methods"))
