"""What the domain keeps of people: see academy.privacy.registry."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import joinedload

from academy.privacy.registry import AS_LONG_AS_THE_ACCOUNT, NOBODY, Kept, OnErasure
from courses.catalogue.runs import Run
from courses.duplicates.models import DuplicatePair
from courses.editing.models import OfferVersion, WorkingCopy
from courses.enrolment.models import Enrolment
from courses.feedback.models import Concern, Review
from courses.harvesting.models import Harvest
from courses.saving.models import SavedOffer, SavedSearch
from courses.search.guiding.topics import SuggestedTerm
from courses.search.unanswered import UnansweredQuery
from courses.sources.models import Source
from courses.uploads.models import Upload
from courses.webinars.models import Facilitation, RunMessage

_FOR_COUNTS = _l("As long as the offer; without your name once you leave")
_AS_LONG_AS_THE_OFFER = _l("As long as the offer")
_AS_LONG_AS_THE_SOURCE = _l("As long as the source")

PERSONAL = (
    Kept(
        Enrolment,
        "person_id",
        _l("What you take part in, how it stands, and how far you say you got"),
        _FOR_COUNTS,
        OnErasure.EMPTIED,
        (
            *("run.offer.slug", "run.starts_at", "standing", "progress", "enrolled_at"),
            *("changed_at", "left_at", "waiting_since", "joined_at"),
        ),
        load=(joinedload(Enrolment.run).joinedload(Run.offer),),
    ),
    Kept(
        Review,
        "person_id",
        _l("What you said of offers"),
        _FOR_COUNTS,
        OnErasure.EMPTIED,
        (
            *("run.offer.slug", "colleague", "city", "length", "connection", "text", "language"),
            *("role", "city_size", "state", "reason", "written_at", "changed_at"),
        ),
        load=(joinedload(Review.run).joinedload(Run.offer),),
    ),
    Kept(
        Review,
        "decided_by_id",
        _l("The reviews you decided on, as a steward"),
        _AS_LONG_AS_THE_OFFER,
        OnErasure.KEPT,
    ),
    Kept(
        Concern,
        "person_id",
        _l("What you found wrong with offers"),
        _AS_LONG_AS_THE_OFFER,
        OnErasure.DELETED,
        ("offer.slug", "kind", "text", "language", "told_at", "settled_at", "answer"),
        load=(joinedload(Concern.offer),),
    ),
    Kept(
        Concern,
        "settled_by_id",
        _l("The concerns you settled, as a steward"),
        _AS_LONG_AS_THE_OFFER,
        OnErasure.KEPT,
    ),
    Kept(
        SavedOffer,
        "person_id",
        _l("The offers you saved"),
        AS_LONG_AS_THE_ACCOUNT,
        OnErasure.DELETED,
        ("offer.slug", "saved_at"),
        load=(joinedload(SavedOffer.offer),),
    ),
    Kept(
        SavedSearch,
        "person_id",
        _l("The searches you saved"),
        AS_LONG_AS_THE_ACCOUNT,
        OnErasure.DELETED,
        ("name", "query", "saved_at"),
    ),
    Kept(
        WorkingCopy,
        "saved_by_id",
        _l("The offers you are editing for an institution"),
        _l("Until they are published or thrown away"),
        OnErasure.KEPT,
        ("offer_id", "saved_at"),
    ),
    Kept(
        OfferVersion,
        "person_id",
        _l("What you changed in offers, for an institution"),
        _AS_LONG_AS_THE_OFFER,
        OnErasure.KEPT,
        ("offer_id", "number", "made_at"),
    ),
    Kept(
        SuggestedTerm,
        "decided_by_id",
        _l("The issues you confirmed or refused for offers"),
        _AS_LONG_AS_THE_OFFER,
        OnErasure.KEPT,
        ("offer_id", "term_id", "state", "decided_at"),
    ),
    Kept(
        Upload,
        "person_id",
        _l("The spreadsheets you uploaded for an institution"),
        _l("What they say 30 days, what became of it as long as the institution"),
        OnErasure.EMPTIED,
        ("name", "state", "uploaded_at", "published_at", "undone_at"),
    ),
    Kept(
        DuplicatePair,
        "decided_by_id",
        _l("The offers you said are one and the same, or are not"),
        _AS_LONG_AS_THE_OFFER,
        OnErasure.KEPT,
        ("first_id", "second_id", "decision", "decided_at"),
    ),
    Kept(
        Source,
        "asked_by_id",
        _l("The sources of an institution that you asked to be read"),
        _AS_LONG_AS_THE_SOURCE,
        OnErasure.KEPT,
        ("name", "adapter", "address", "state", "added_at"),
    ),
    Kept(
        Source,
        "approved_by_id",
        _l("The sources you approved, as a steward"),
        _AS_LONG_AS_THE_SOURCE,
        OnErasure.KEPT,
    ),
    Kept(
        Harvest,
        "asked_by_id",
        _l("The readings of a source that you asked for"),
        _AS_LONG_AS_THE_SOURCE,
        OnErasure.KEPT,
        ("state", "asked_at"),
    ),
    Kept(
        Facilitation,
        "person_id",
        _l("The runs you moderate"),
        AS_LONG_AS_THE_ACCOUNT,
        OnErasure.DELETED,
        ("run.offer.slug", "since"),
        load=(joinedload(Facilitation.run).joinedload(Run.offer),),
    ),
    Kept(
        RunMessage,
        "person_id",
        _l("The messages you wrote to those who take part, for an institution"),
        _AS_LONG_AS_THE_OFFER,
        OnErasure.KEPT,
        ("subject", "text", "language", "recipients", "sent_at"),
    ),
    Kept(
        UnansweredQuery,
        NOBODY,
        _l(
            "Words that were searched for and found nothing: how often on a day, in which language;"
            " not by whom, and not what looks like an address or a number"
        ),
        _l("90 days"),
        OnErasure.KEPT,
    ),
)
