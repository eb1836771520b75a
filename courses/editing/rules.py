"""What is allowed in editing: who saves over whom, what may be published, what may go."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection, Mapping, Sequence

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l

from academy.errors import Conflict, Invalid
from academy.institutions.rules import Retired, is_retired
from courses.catalogue.content import OfferContent
from courses.catalogue.models import Offer
from courses.catalogue.rules import is_visible
from courses.catalogue.runs import Run
from courses.editing.checking import Checked, checked
from courses.editing.completeness import Completeness, completeness, untitled
from courses.editing.form import Content, form_of
from courses.editing.models import WorkingCopy
from courses.vocabularies.queries import Vocabularies


class EditedMeanwhile(Conflict):
    """Somebody else has saved since this person began."""

    code = "edited-meanwhile"
    sentence = _l("Somebody else has changed this offer in the meantime. Look at both versions.")


class NotOnlyADraft(Conflict):
    """The offer was published, people are enrolled in it, or a feed would bring it again."""

    code = "not-only-a-draft"
    sentence = _l("This is more than a draft by now: it can be withdrawn, not thrown away.")


def current_form(offer: Offer, copy: WorkingCopy | None) -> Content:
    """Give the form as it stands: the working copy, or what the live page says."""
    return copy.content if copy else form_of(offer)


def how_complete(form: Content, vocabulary: Vocabularies) -> Completeness:
    """Tell how complete a form is: what is missing does not count, nor what is wrong."""
    return completeness(form, checked(form, vocabulary).problems)


def state_seen(offer: Offer, copy: WorkingCopy | None) -> str:
    """Name the state of the form, for whoever edits it to bring back when saving."""
    told = json.dumps(current_form(offer, copy), sort_keys=True)
    digest = hashlib.sha256(told.encode("utf-8", "surrogatepass")).hexdigest()[:16]
    return f"{copy.revision if copy else 0}-{digest}"


def check_nobody_else_saved(offer: Offer, copy: WorkingCopy | None, seen: str) -> None:
    """Refuse to save over what the person has not seen.

    Raises EditedMeanwhile.
    """
    if state_seen(offer, copy) != seen:
        raise EditedMeanwhile


def check_takes_part(offer: Offer) -> None:
    """Refuse to show what an institution offers that is no longer part of the academy.

    The offer comes with its institution. Raises Retired.
    """
    if is_retired(offer.institution):
        raise Retired


def lacked_already(offer: Offer) -> frozenset[str]:
    """Name what is needed and the live page lacks, as one read from a source may.

    A change is not held up by that.
    """
    if not is_visible(offer):
        return frozenset()
    return frozenset(hint.field for hint in completeness(form_of(offer)).lacking)


def check_may_publish(
    form: Content, read: Checked, *, but_for: Collection[str] = frozenset()
) -> None:
    """Refuse to publish a form that lacks something needed, or says something impossible.

    What is missing in the fields `but_for` is not asked for. Raises Invalid naming every field.
    """
    wrong: dict[str, str | LazyString] = dict(read.problems)
    for hint in completeness(form).lacking:
        if hint.field not in but_for:
            wrong.setdefault(hint.field, hint.sentence)
    for code in untitled(form):
        wrong.setdefault(f"texts-{code}-title", _l("Give the title in this language too."))
    if not wrong and form["language"] not in form["texts"]:
        wrong["language"] = _l("Choose one of the languages in which there is a title.")
    if wrong:
        raise Invalid(wrong)


def check_keeps_people(offer: Offer, content: OfferContent, enrolled: Mapping[int, int]) -> None:
    """Refuse to take away what people are enrolled in; `enrolled` counts them by the run's key.

    Raises Invalid.
    """
    told = {run.reference: (index, run) for index, run in enumerate(content.runs)}
    wrong: dict[str, str | LazyString] = {}
    for run in [one for one in offer.runs if enrolled.get(one.id)]:
        if run.reference not in told:
            wrong["runs"] = _l("People are or were enrolled in an edition: it cannot be removed.")
            continue
        index, wanted = told[run.reference]
        if wanted.capacity is not None and wanted.capacity < run.taken:
            wrong[f"runs-{index}-capacity"] = _l(
                "%(taken)s places are taken: there cannot be fewer.", taken=run.taken
            )
        if lost_meetings(run, [one.uid for one in wanted.meetings]):
            wrong[f"runs-{index}-zone"] = _l(
                "People are enrolled: cancel a meeting instead of removing it, so that they hear."
            )
    if wrong:
        raise Invalid(wrong)


def is_only_a_draft(offer: Offer, enrolled: Mapping[int, int]) -> bool:
    """Tell whether nobody but its institution ever saw the offer, and nobody is enrolled in it."""
    return offer.published_at is None and not any(enrolled.values())


def check_may_throw_away(offer: Offer, enrolled: Mapping[int, int]) -> None:
    """Refuse to delete what people have seen, or are enrolled in.

    Raises NotOnlyADraft.
    """
    if not is_only_a_draft(offer, enrolled):
        raise NotOnlyADraft


def lost_meetings(run: Run, kept: Sequence[str | None]) -> bool:
    """Tell whether a meeting of the run is not among these."""
    return any(meeting.uid not in kept for meeting in run.meetings)
