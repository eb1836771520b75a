"""The words of a source at the desk: what they mean in our terms, and which nobody knows."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any

from flask import flash, g, redirect, render_template, request
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response

from academy.access import for_roles
from academy.db import unit_of_work, utcnow
from academy.i18n import current_language, language_name, ngettext, text_in
from academy.i18n import gettext as _
from academy.institutions.rules import EDITORS
from academy.web.paging import Page
from courses.harvesting.words import mapping, retagging
from courses.harvesting.words.mapping import Heard, StoredWords
from courses.harvesting.words.suggestions import Suggestion, suggester
from courses.harvesting.words.table import MAPPED, looked_in
from courses.sources.queries import source_at
from courses.vocabularies.kept import kept_vocabularies
from courses.vocabularies.models import Term, Vocabulary
from courses.vocabularies.queries import Vocabularies, vocabularies
from courses.web.desk.frame import bp, desk_of
from courses.web.desk.words_sent import AS_BEFORE, NONE_OF_OURS, words_sent
from courses.web.phrases import VOCABULARIES

ROWS = 25
"""Words on a page."""

LIST, UNKNOWN, KNOWN, SAID = "list", "", "known", "said"
"""The words nobody knows, those that we know unasked, and those of which something was said."""


@bp.get("/sources/<source>/words")
@for_roles(EDITORS)
def source_words(institution: str, source: str) -> str:
    """List the words nobody knows, or those we know unasked, and what was said of the others."""
    g.desk_room = "desk.sources"
    desk, page = desk_of(institution), Page.asked(ROWS)
    found = source_at(desk.institution, source)
    words, vocabulary = mapping.stored_words(found), kept_vocabularies()
    lists = {
        UNKNOWN: words.most_used(),
        KNOWN: words.most_used(known=True),
        SAID: mapping.said_words(found),
    }
    asked = request.args.get(LIST, "")
    which = asked if asked in lists else UNKNOWN
    shown = page.of(lists[which])
    mapping.with_titles(shown)
    return render_template(
        "desk/source_words.html",
        name=found.name,
        rows=[_row(index, one, vocabulary) for index, one in enumerate(shown)],
        said=which == SAID,
        terms={among: _choices(among, vocabulary) for among in ("", *MAPPED)},
        values={"none": NONE_OF_OURS, "before": AS_BEFORE},
        coverage=_coverage(words),
        waiting=retagging.is_waiting(found),
        lists=_tabs(lists, which, partial(desk.url, "desk.source_words", source=source)),
        empty=NOTHING[which],
        pages=page.ways(len(lists[which])),
        action=request.full_path if request.args else request.path,
        urls={"source": desk.url("desk.source", source=source)},
    )


@bp.post("/sources/<source>/words")
@for_roles(EDITORS)
def source_words_post(institution: str, source: str) -> Response:
    """Say what words mean: the one a button is about, or all that were chosen on the page."""
    with unit_of_work():
        desk = desk_of(institution)
        found = source_at(desk.institution, source)
        told = words_sent(request.form, vocabularies())
        for one in told:
            mapping.keep(found, one, person=desk.person, now=desk.now)
        source_id, words = found.id, [one.word for one in told]
    if words:
        _tell(retagging.retag_words(source_id, words, now=utcnow()))
    page = Page.asked(ROWS).number
    left = {"page": page if page > 1 else None, LIST: request.args.get(LIST)}
    return redirect(desk_of(institution).url("desk.source_words", source=source, **left), 303)


NOTHING = {
    UNKNOWN: _l("Every word of this source is known."),
    KNOWN: _l("None of them is known unasked."),
    SAID: _l("Nothing was said of its words yet."),
}


def _tabs(
    lists: Mapping[str, Sequence[Heard]], which: str, here: Callable[..., str]
) -> list[dict[str, Any]]:
    """Lead to each of the lists."""
    unknown, known, said = (len(lists[name]) for name in (UNKNOWN, KNOWN, SAID))
    labels = {
        UNKNOWN: ngettext("%(num)s word is unknown", "%(num)s words are unknown", unknown),
        KNOWN: ngettext("%(num)s word we know", "%(num)s words we know", known),
        SAID: ngettext("%(num)s word explained here", "%(num)s words explained here", said),
    }
    return [
        {"label": label, "url": here(**{LIST: name or None}), "here": name == which}
        for name, label in labels.items()
    ]


def _tell(done: retagging.Retagged) -> None:
    anew = ngettext(
        "Kept. %(num)s offer is described anew.",
        "Kept. %(num)s offers are described anew.",
        done.changed,
    )
    flash(anew if done.changed else _("Kept."), "ok")
    if not done.done:
        flash(_("The other offers follow within minutes."), "info")


def _row(index: int, one: Heard, vocabulary: Vocabularies) -> dict[str, Any]:
    known = one.terms is not None
    suggested = [] if known else suggester(vocabulary).suggestions(one.word, one.among)
    return {
        "n": index,
        "word": one.word,
        "among": one.among,
        "for_whom": one.among == Vocabulary.AUDIENCE,
        "uses": _uses(one.count),
        "titles": one.titles,
        "suggestions": [_suggestion(each) for each in suggested],
        "was": _meant(one.terms or ()) if known else "",
    }


def _uses(count: int) -> str:
    """Say how often a word is used; nothing of those that were explained, which are not counted."""
    return ngettext("in %(num)s record", "in %(num)s records", count) if count else ""


def _suggestion(one: Suggestion) -> dict[str, Any]:
    reader = current_language()
    return {
        "value": _value(one.term),
        "label": text_in(one.term.labels, reader).text,
        "name": one.name,
        "lang": one.language,
        "language": language_name(one.language, reader),
    }


def _choices(among: str, vocabulary: Vocabularies) -> list[dict[str, Any]]:
    """Group our terms: issues by their line, the others by their vocabulary."""
    reader, groups = current_language(), dict[str, list[dict[str, str]]]()
    for term in (term for of in looked_in(among) for term in vocabulary.of(of)):
        label = text_in(term.labels, reader).text
        if term.vocabulary is Vocabulary.ISSUE:
            group = text_in(vocabulary.top(term).labels, reader).text
        else:
            group = str(VOCABULARIES[term.vocabulary])
        groups.setdefault(group, []).append({"code": _value(term), "label": label})
    return [{"label": label, "terms": terms} for label, terms in groups.items()]


def _meant(terms: Sequence[Term]) -> str:
    return _value(terms[0]) if terms else NONE_OF_OURS


def _value(term: Term) -> str:
    return f"{term.vocabulary.value}:{term.code}"


def _coverage(words: StoredWords) -> list[dict[str, Any]]:
    """Say how much is known of the words: of subjects, and of those for whom it is."""
    told = {"": _("Subjects"), Vocabulary.AUDIENCE.value: _("For whom")}
    return [
        {"label": label, "percent": percent, "told": _("%(percent)s %%", percent=percent)}
        for among, label in told.items()
        if (percent := words.coverage_of(among)) is not None
    ]
