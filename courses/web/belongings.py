"""What the domain tells the stewards' desk of the platform: what people have here, and sections."""

from __future__ import annotations

from academy.i18n import current_language, ngettext, number, text_in
from academy.institutions.models import Institution
from academy.institutions.operations import Dependent
from academy.institutions.rules import is_retired
from academy.secretariat.queries import Belonging
from courses.catalogue.retiring import bring_back, count_concerned, take_out
from courses.enrolment.models import Enrolment
from courses.feedback.models import Review
from courses.saving.models import SavedOffer, SavedSearch
from courses.vocabularies.models import Vocabulary
from courses.vocabularies.queries import vocabularies
from courses.webinars.models import Facilitation


def sections() -> list[tuple[str, str]]:
    """List the parts of the network: each code with its name in the reader's language."""
    known = vocabularies().of(Vocabulary.SECTION)
    return [(term.code, text_in(term.labels, current_language()).text) for term in known]


def languages() -> list[tuple[str, str]]:
    """List the languages in which people learn: each code with the language's own name."""
    known = vocabularies()
    return [(term.code, known.own_name(term.code)) for term in known.of(Vocabulary.LANGUAGE)]


def _enrolments(number: int) -> str:
    return ngettext("%(num)d run taken part in", "%(num)d runs taken part in", number)


def _reviews(number: int) -> str:
    return ngettext("%(num)d review", "%(num)d reviews", number)


def _saved_offers(number: int) -> str:
    return ngettext("%(num)d saved offer", "%(num)d saved offers", number)


def _saved_searches(number: int) -> str:
    return ngettext("%(num)d saved search", "%(num)d saved searches", number)


def _facilitations(number: int) -> str:
    return ngettext("%(num)d run moderated", "%(num)d runs moderated", number)


BELONGINGS = [
    Belonging(Enrolment.person_id, _enrolments),
    Belonging(Review.person_id, _reviews),
    Belonging(SavedOffer.person_id, _saved_offers),
    Belonging(SavedSearch.person_id, _saved_searches),
    Belonging(Facilitation.person_id, _facilitations),
]


def _offers(institution: Institution) -> str:
    """Say what becomes of its offers when it is retired, or of a retired one, comes back."""
    count = count_concerned(institution)
    told = number(count)
    if is_retired(institution):
        return ngettext(
            "%(count)s offer comes back into the catalogue with it.",
            "%(count)s offers come back into the catalogue with it.",
            count,
            count=told,
        )
    return ngettext(
        "%(count)s offer goes out of the catalogue. Who takes part in it stays enrolled.",
        "%(count)s offers go out of the catalogue. Who takes part in them stays enrolled.",
        count,
        count=told,
    )


OFFERS = Dependent(go=take_out, come_back=bring_back, told=_offers)
