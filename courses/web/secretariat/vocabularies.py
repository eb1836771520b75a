"""The words of the vocabularies: labels, and the other words by which a term is known."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from academy.access import current_person, steward
from academy.db import unit_of_work, utcnow
from academy.errors import Invalid, Missing
from academy.i18n import PUBLISHED, autonym, current_language, text_in
from academy.i18n import gettext as _
from academy.text import clean_line
from academy.web.forms import REQUIRED, Form
from courses.vocabularies.models import Term, Vocabulary
from courses.vocabularies.operations import edit_words
from courses.vocabularies.queries import vocabularies as all_terms
from courses.web import phrases
from courses.web.blueprint import bp

LONGEST_LABEL, MOST_ALTERNATIVES = 120, 40


@bp.get("/secretariat/vocabularies")
@steward
def vocabularies() -> str:
    """List the terms, each with the languages in which it has no label."""
    known, reader = all_terms(), current_language()
    groups = [
        {"heading": heading, "rows": [_row(term, reader) for term in known.of(vocabulary)]}
        for vocabulary, heading in phrases.VOCABULARIES.items()
    ]
    return render_template("courses/secretariat/vocabularies.html", groups=groups)


@bp.get("/secretariat/vocabularies/<vocabulary>/<code>")
@steward
def term(vocabulary: str, code: str) -> str:
    """Show the words of a term."""
    found = _term(vocabulary, code)
    return _page(found, Form(action=request.path, values=_values(found)))


@bp.post("/secretariat/vocabularies/<vocabulary>/<code>")
@steward
def term_post(vocabulary: str, code: str) -> Response | tuple[str, int]:
    """Keep the words of a term."""
    sent = {name: text.replace("\x00", "") for name, text in request.form.items()}
    form = Form(action=request.path, values=sent)
    with form.refusals_shown():
        with unit_of_work():
            found = _term(vocabulary, code)
            labels, alternatives = _read(found, sent)
            edit_words(found, labels, alternatives, by=current_person(), now=utcnow())
        flash(_("The words are kept. Search knows them at once."), "ok")
        return redirect(url_for("courses.vocabularies"), 303)
    return _page(_term(vocabulary, code), form), 422


def _term(vocabulary: str, code: str) -> Term:
    if vocabulary not in {one.value for one in phrases.VOCABULARIES}:
        raise Missing
    found = all_terms().by_code.get((Vocabulary(vocabulary), code))
    if found is None:
        raise Missing
    return found


def _languages(found: Term) -> list[str]:
    """List the languages whose words can be edited: the published ones, then those there are."""
    return list(dict.fromkeys((*PUBLISHED, *found.labels, *found.alternatives)))


def _read(found: Term, sent: dict[str, str]) -> tuple[dict[str, str], dict[str, list[str]]]:
    labels, alternatives = {}, {}
    for language in _languages(found):
        labels[language] = clean_line(sent.get(f"label-{language}", ""), limit=LONGEST_LABEL)
        lines = sent.get(f"others-{language}", "").splitlines()
        words = [clean_line(line, limit=LONGEST_LABEL) for line in lines]
        alternatives[language] = [word for word in words if word][:MOST_ALTERNATIVES]
    missing = [language for language in PUBLISHED if not labels[language]]
    if missing:
        raise Invalid({f"label-{language}": REQUIRED["required"] for language in missing})
    return labels, alternatives


def _values(found: Term) -> dict[str, str]:
    values = {f"label-{code}": text for code, text in found.labels.items()}
    others = {f"others-{code}": "\n".join(words) for code, words in found.alternatives.items()}
    return values | others


def _row(found: Term, reader: str) -> dict[str, Any]:
    lacking = [autonym(code) for code in PUBLISHED if not found.labels.get(code)]
    return {
        "label": text_in(found.labels, reader),
        "code": found.code,
        "narrower": found.broader_id is not None,
        "lacking": lacking,
        "edited": bool(found.edited),
        "url": url_for("courses.term", vocabulary=found.vocabulary.value, code=found.code),
    }


def _page(found: Term, form: Form) -> str:
    return render_template(
        "courses/secretariat/term.html",
        form=form,
        name=text_in(found.labels, current_language()),
        languages=[
            {"code": code, "name": autonym(code), "required": code in PUBLISHED}
            for code in _languages(found)
        ],
        back_url=url_for("courses.vocabularies"),
    )
