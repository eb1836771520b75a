"""The page on which an offer is edited: its form as the template shows it."""

from __future__ import annotations

import html
import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from flask import render_template
from flask_babel import LazyString

from academy.i18n import PUBLISHED, current_language, language_name, ngettext, text_in
from academy.i18n import gettext as _
from academy.text import clean_html
from academy.web.forms import Form
from academy.zones import zones
from courses.catalogue.models import Offer, State
from courses.editing import queries, rules
from courses.editing.checking import checked
from courses.editing.completeness import Completeness, completeness
from courses.editing.form import LISTS, Content
from courses.editing.models import WorkingCopy
from courses.editing.queries import Edited
from courses.harvesting.writing.following import beside
from courses.search.guiding.topics import topics_of
from courses.vocabularies.licences import SUGGESTED
from courses.vocabularies.models import Vocabulary
from courses.vocabularies.queries import Vocabularies, vocabularies
from courses.web.desk import labels
from courses.web.desk.frame import Desk
from courses.web.desk.standing import standing, told_by
from courses.web.offered_by import one_with

_PLAIN = re.compile(r"(?:<p>[^<]*</p>\n*)+")
_PARAGRAPH = re.compile(r"<p>([^<]*)</p>")
ROLES = ("taught", "subtitles", "materials")
Option = dict[str, Any]


def editing_page(
    desk: Desk,
    slug: str,
    *,
    problems: Mapping[str, str | LazyString] | None = None,
    summary: str | None = None,
    fresh: str = "",
) -> str:
    """Show an offer's form as it stands, with what is wrong: the `problems` it was refused for.

    Without them what was saved is judged, but for the row just added, named in `fresh`.
    """
    offer = queries.offer_at(desk.institution, slug)
    copy = queries.copy_of(offer)
    form, vocabulary = rules.current_form(offer, copy), vocabularies()
    wrong = checked(form, vocabulary).problems
    judged = _judged(wrong if problems is None else problems, fresh)
    shown = _with_problems(judged, summary)
    return render_template(
        "desk/edit.html",
        title=title_of(form, offer.slug),
        form=shown,
        content=form,
        named=[{"name": name, "label": labels.of_name(name)} for name in shown.errors],
        choices=_choices(form, desk, vocabulary),
        complete=completeness_shown(completeness(form, wrong), offer),
        standing=standing(Edited(offer, copy)),
        urls=offer_urls(desk, slug),
        **_stage(offer, copy),
    )


def _suggested(offer: Offer) -> str | None:
    """Name the issues that the live offer's words suggest, where nobody has decided yet."""
    reader = current_language()
    named = [text_in(term.labels, reader).text for term in topics_of([offer.id])[offer.id]]
    return _("Its words suggest: %(issues)s", issues=_(", ").join(named)) if named else None


def _stage(offer: Offer, copy: WorkingCopy | None) -> dict[str, Any]:
    """Tell where the offer stands, what it seems to be about, and what a save is held against."""
    return {
        "seen": rules.state_seen(offer, copy),
        "is_withdrawn": offer.state is State.ARCHIVED,
        "is_new": offer.published_at is None,
        "has_copy": copy is not None,
        "suggested": _suggested(offer),
        "beside": _beside_source(offer),
        "merged": one_with(offer),
        "told_by": told_by(offer),
    }


def _beside_source(offer: Offer) -> str | None:
    """Say how much of what people edited the source tells otherwise."""
    differing = len(beside(offer))
    told = ngettext(
        "In %(num)s part that was edited here, the source says something else.",
        "In %(num)s parts that were edited here, the source says something else.",
        differing,
    )
    return told if differing else None


def _judged(problems: Mapping[str, str | LazyString], fresh: str) -> dict[str, str | LazyString]:
    """Leave out what is wrong in a row that nobody could fill in yet."""
    rows = f"{fresh}-"
    return {name: one for name, one in problems.items() if not fresh or not name.startswith(rows)}


def _with_problems(problems: Mapping[str, str | LazyString], summary: str | None) -> Form:
    errors = {name: str(sentence) for name, sentence in problems.items()}
    if errors and summary is None:
        summary = _("It is saved. Some answers need another look before it can be published.")
    return Form(action="", errors=errors, summary=summary)


def offer_urls(desk: Desk, slug: str) -> dict[str, str]:
    """Address everything that can be done with an offer at the desk."""
    changing = ("publish", "discard", "withdraw", "throw_away", "bring_back")
    acts = ("edit", "difference", "preview", "history", "offer_source", *changing)
    urls = {act: desk.url(f"desk.{act}", slug=slug) for act in acts}
    return {**urls, "topics": desk.url("desk.topics")}


def title_of(form: Content, otherwise: str) -> str:
    """Name an offer by its title in its own language, or in any."""
    texts = {code: text["title"] for code, text in form["texts"].items()}
    return text_in(texts, form["language"]).text or otherwise


def completeness_shown(found: Completeness, offer: Offer) -> dict[str, Any]:
    """Say how complete a form is, with what it needs before what would help.

    What the live page of the offer lacks already is not needed.
    """
    lacked = rules.lacked_already(offer)
    needed = [one for one in found.lacking if one.field not in lacked]
    return {
        "percent": found.percent,
        "label": _("%(percent)s %% complete", percent=found.percent),
        "required": [_hint(one.field, one.sentence) for one in needed],
        "helpful": [_hint(one.field, one.sentence) for one in found.hints if one not in needed],
    }


def _hint(field: str, sentence: LazyString) -> dict[str, str]:
    return {"anchor": f"f-{field}", "sentence": str(sentence)}


def as_typed(markup: str) -> str:
    """Give plain paragraphs as people type them; anything richer stays HTML."""
    if not _PLAIN.fullmatch(markup):
        return markup
    typed = "\n\n".join(html.unescape(one) for one in _PARAGRAPH.findall(markup))
    return typed if clean_html(typed) == markup else markup


def _choices(form: Content, desk: Desk, vocabulary: Vocabularies) -> dict[str, Any]:
    reader = current_language()
    own = desk.person.zone
    return {
        "single": {
            name: [{"code": code, "label": label} for code, label in options.items()]
            for name, options in labels.CHOICES.items()
        },
        "labels": labels.FIELDS,
        "licences": SUGGESTED,
        "texts": {code: language_name(code, reader) for code in form["texts"]},
        "descriptions": {
            code: as_typed(text["description"]) for code, text in form["texts"].items()
        },
        "own": [{"code": code, "label": language_name(code, reader)} for code in form["texts"]],
        "more": _languages(vocabulary, but=form["texts"]),
        "roles": [_role(role, form, desk, vocabulary) for role in ROLES],
        **{name: _terms(of, form[name], vocabulary) for name, of in LISTS.items()},
        "zones": [own, *(zone for zone in zones() if zone != own)],
    }


def _role(role: str, form: Content, desk: Desk, vocabulary: Vocabularies) -> dict[str, Any]:
    """Offer the languages that are likely as boxes, and every other one as a list."""
    chosen: Sequence[str] = form["languages"][role]
    likely = dict.fromkeys((*chosen, *form["texts"], *desk.person.languages, *PUBLISHED))
    reader = current_language()
    boxes = [
        {"code": code, "label": language_name(code, reader), "chosen": code in chosen}
        for code in likely
    ]
    return {
        "name": f"languages-{role}",
        "label": labels.FIELDS[role],
        "boxes": boxes,
        "more": _languages(vocabulary, but=likely),
    }


def language_options(vocabulary: Vocabularies) -> list[Option]:
    """Offer every language, by its name in the reader's."""
    return _languages(vocabulary, but=())


def _languages(vocabulary: Vocabularies, *, but: Iterable[str]) -> list[Option]:
    reader, left_out = current_language(), frozenset(but)
    codes = [term.code for term in vocabulary.of(Vocabulary.LANGUAGE)]
    options = [
        {"code": code, "label": language_name(code, reader)}
        for code in codes
        if code not in left_out
    ]
    return sorted(options, key=lambda option: option["label"].casefold())


def _terms(of: Vocabulary, chosen: Sequence[str], vocabulary: Vocabularies) -> list[Option]:
    reader = current_language()
    known = [
        {
            "code": term.code,
            "label": text_in(term.labels, reader).text,
            "chosen": term.code in chosen,
        }
        for term in vocabulary.of(of)
    ]
    listed = {option["code"] for option in known}
    unknown = [code for code in chosen if code not in listed]
    return known + [{"code": code, "label": code, "chosen": True} for code in unknown]
