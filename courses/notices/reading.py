"""Mails about sources: asked for, approved, paused, held."""

from __future__ import annotations

from flask import url_for
from flask_babel import LazyString
from flask_babel import lazy_gettext as _l

from academy.errors import Missing
from academy.i18n import current_language, text_in
from academy.i18n import gettext as _
from academy.institutions.queries import kept_by
from academy.institutions.rules import is_retired, keeps_in_order
from academy.notices.composing import Action, Mail, Reader, mail
from academy.notices.models import Group, Notice
from academy.web.pages import absolute
from courses.harvesting.harvests.watching import held_harvest
from courses.sources.addresses import shown_address
from courses.sources.models import Source, SourceState
from courses.sources.queries import source_told_of


@mail("source-asked", Group.WORK)
def source_asked(notice: Notice, reader: Reader) -> Mail | None:
    """Tell a steward that a source waits, unless somebody has decided since."""
    source = _standing(notice, SourceState.REQUESTED)
    if source is None or reader.person is None:
        return None
    if not keeps_in_order(reader.person, source.institution):
        return None
    return Mail(
        subject=_("%(institution)s asks that a source is read", institution=_place(source)),
        paragraphs=[
            _(
                "%(institution)s asks that “%(source)s” is read. Nothing is read before a steward"
                " approves it.",
                institution=_place(source),
                source=source.name,
            )
        ],
        facts=[(_("Web address"), shown_address(source.address))] if source.address else [],
        action=Action(_("Look at it"), absolute(url_for("courses.all_sources"))),
    )


@mail("source-approved", Group.WORK)
def source_approved(notice: Notice, reader: Reader) -> Mail | None:
    """Tell who asked for a source that it is read now."""
    source = _standing(notice, SourceState.APPROVED)
    if source is None or reader.person is None:
        return None
    return Mail(
        subject=_("“%(source)s” is approved", source=source.name),
        paragraphs=[
            _(
                "A steward of Urban Academy has approved “%(source)s” of %(institution)s.",
                source=source.name,
                institution=_place(source),
            ),
            _("Its page says when it is read, what came of it and what needs mending."),
        ],
        action=Action(_("Look at it"), _page(source)),
    )


@mail("source-paused", Group.WORK)
def source_paused(notice: Notice, reader: Reader) -> Mail | None:
    """Tell who asked for a source that it is read no more, and why."""
    return _with_note(
        notice,
        reader,
        _l("“%(source)s” is read no more for now"),
        _l("Reading “%(source)s” of %(institution)s was paused. Its offers stay as they are."),
    )


@mail("source-refused", Group.WORK)
def source_refused(notice: Notice, reader: Reader) -> Mail | None:
    """Tell who asked for a source that it was not approved, and why."""
    return _with_note(
        notice,
        reader,
        _l("“%(source)s” is not approved"),
        _l(
            "A steward of Urban Academy has not approved “%(source)s” of %(institution)s."
            " Change what is said in the note, and ask again on its page."
        ),
    )


def _with_note(
    notice: Notice, reader: Reader, subject: LazyString, paragraph: LazyString
) -> Mail | None:
    """Tell who asked for a source that is not read what the steward said of it."""
    source = _standing(notice, SourceState.PAUSED)
    if source is None or reader.person is None:
        return None
    named = {"source": source.name, "institution": _place(source)}
    return Mail(
        subject=str(subject) % named,
        paragraphs=[str(paragraph) % named],
        facts=[(_("Note"), source.note)] if source.note else [],
        action=Action(_("Look at it"), _page(source)),
    )


@mail("harvest-held", Group.WORK)
def harvest_held(notice: Notice, reader: Reader) -> Mail | None:
    """Tell a steward that a reading is held, unless somebody decided or read again since."""
    reference = notice.details["harvest"]
    if reader.person is None:
        return None
    try:
        _harvest, source = held_harvest(reference, kept=kept_by(reader.person))
    except Missing:
        return None
    return Mail(
        subject=_("A reading of “%(source)s” is held", source=source.name),
        paragraphs=[
            _(
                "The last reading of “%(source)s” of %(institution)s would unlist many offers at"
                " once. Nothing is changed before a steward decides.",
                source=source.name,
                institution=_place(source),
            )
        ],
        action=Action(
            _("See what it would unlist"),
            absolute(url_for("courses.held_harvest", reference=reference)),
        ),
    )


def _standing(notice: Notice, state: SourceState) -> Source | None:
    """Find the source, if it still stands as it did."""
    source = source_told_of(notice.details["source"])
    if source is None or source.state is not state or is_retired(source.institution):
        return None
    return source


def _place(source: Source) -> str:
    return text_in(source.institution.name, current_language()).text


def _page(source: Source) -> str:
    place = source.institution.slug
    return absolute(url_for("desk.source", institution=place, source=source.reference))
