"""The words for fixed values and counts, in the reader's language."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l

from academy.accounts.models import CitySize, WorkRole
from academy.accounts.phrases import ROLES, SIZES
from academy.i18n import gettext as _
from academy.i18n import ngettext, number
from academy.institutions.models import InstitutionKind
from courses.catalogue.models import Certificate, Cost, Delivery, Kind, Level, Pace
from courses.enrolment.models import Progress, Standing
from courses.feedback.models import ConcernKind, ReviewState
from courses.search.params import Data, Sort, When
from courses.vocabularies.models import Vocabulary

KINDS = {Kind.COURSE: _l("Course"), Kind.WEBINAR: _l("Webinar")}
FACETS = {
    "language": _l("Language"),
    "issue": _l("Issue"),
    "methodology": _l("Method"),
    "kind": _l("Course or webinar"),
    "when": _l("When"),
    "region": _l("Region"),
    "section": _l("Part of the network"),
    "institution": _l("Institution"),
    "audience": _l("For whom"),
    "level": _l("Level"),
    "cost": _l("Cost"),
    "certificate": _l("Certificate"),
    "data": _l("Data needed"),
}
SUGGESTED = {
    "issue": _l("Issue"),
    "methodology": _l("Method"),
    "institution": _l("Institution"),
    "title": _l("Course or webinar"),
}
SORTS = {
    Sort.RELEVANCE: _l("Best match"),
    Sort.SOONEST: _l("Starting soonest"),
    Sort.NEWEST: _l("Newest"),
    Sort.REVIEWED: _l("Most recommended by peers"),
}
LEVELS = {
    Level.INTRODUCTORY: _l("Introductory"),
    Level.INTERMEDIATE: _l("Intermediate"),
    Level.ADVANCED: _l("Advanced"),
}
DELIVERIES = {
    Delivery.ONLINE: _l("Online"),
    Delivery.HYBRID: _l("Online and on site"),
    Delivery.ON_SITE: _l("On site"),
    Delivery.OFFLINE: _l("Offline"),
}
PACES = {Pace.SELF: _l("At your own pace"), Pace.INSTRUCTOR: _l("With dates and a facilitator")}
CERTIFICATES = {
    Certificate.FREE: _l("Free, from the institution"),
    Certificate.PAID: _l("For a fee, from the institution"),
    Certificate.NONE: _l("No certificate"),
}
COSTS = {Cost.FREE: _l("Free of charge"), Cost.PAID: _l("For a fee")}
WHENS = {
    When.UPCOMING: _l("To come"),
    When.RUNNING: _l("Going on now"),
    When.ANYTIME: _l("Any time"),
    When.RECORDED: _l("Recorded"),
    When.PAST: _l("Over"),
}
DATA = {
    Data.SMALL: _l("Up to 20 MB"),
    Data.MEDIUM: _l("20 to 100 MB"),
    Data.LARGE: _l("More than 100 MB"),
}
CHOICES: dict[str, Mapping[Any, LazyString]] = {
    "kind": KINDS,
    "when": WHENS,
    "level": LEVELS,
    "cost": COSTS,
    "certificate": CERTIFICATES,
    "data": DATA,
}
"""Values of the facets that are in the code."""

HEADS = {
    Cost.FREE: _l("Free of charge."),
    Cost.PAID: _l("The institution asks for a fee."),
    None: _l("The institution does not say whether there is a fee."),
}
INSTITUTION_KINDS = {
    InstitutionKind.NETWORK: _l("City network"),
    InstitutionKind.ASSOCIATION: _l("Association of local governments"),
    InstitutionKind.UNIVERSITY: _l("University or school"),
    InstitutionKind.CITY: _l("City"),
    InstitutionKind.UN_PROGRAMME: _l("United Nations programme"),
    InstitutionKind.NGO: _l("Civil society organisation"),
}
QUESTIONS = {
    "colleague": _l("Would you send a colleague?"),
    "city": _l("Does it fit a city like yours?"),
    "length": _l("Was the length right?"),
    "connection": _l("Did it work on your connection?"),
}
SHARES = {
    "colleague": _l("Would send a colleague"),
    "city": _l("Fits a city like mine"),
    "length": _l("Right length"),
    "connection": _l("Worked on my connection"),
}
STANDINGS = {
    Standing.REQUESTED: _l("Requested"),
    Standing.OFFERED: _l("A place is offered to you"),
    Standing.ENROLLED: _l("Enrolled"),
    Standing.WAITING: _l("On the waiting list"),
    Standing.WITHDRAWN: _l("Withdrawn"),
    Standing.COMPLETED: _l("Completed"),
    Standing.ABSENT: _l("Missed"),
}
PROGRESS = {
    Progress.LEFT: _l("You went to the institution's site"),
    Progress.STARTED: _l("You said: started"),
    Progress.FINISHED: _l("You said: finished"),
    Progress.STOPPED: _l("You said: stopped"),
}


def offers(count: int) -> str:
    """Count offers."""
    return ngettext("%(count)s offer", "%(count)s offers", count, count=number(count))


def show_offers(count: int) -> str:
    """Label the button that shows the list."""
    return ngettext("Show %(count)s offer", "Show %(count)s offers", count, count=number(count))


def filters(chosen: int) -> str:
    """Label the filters with how many are chosen."""
    if not chosen:
        return _("Filters")
    return ngettext("Filters (%(num)s chosen)", "Filters (%(num)s chosen)", chosen)


def minutes(count: int) -> str:
    """Say how long something takes."""
    if count < 120:
        return ngettext("%(num)s minute", "%(num)s minutes", count)
    return ngettext("%(num)s hour in all", "%(num)s hours in all", round(count / 60))


def reviewers(count: int) -> str:
    """Count the peers who said how it was."""
    return ngettext("%(num)s peer has reviewed it", "%(num)s peers have reviewed it", count)


def who(role: WorkRole | None, size: CitySize | None) -> str:
    """Describe a reviewer: role and size of city, never a name."""
    if role and size:
        return _("%(role)s, %(size)s", role=ROLES[role], size=SIZES[size])
    return str(ROLES[role] if role else SIZES[size] if size else _("A participant"))


CONCERNS = {
    ConcernKind.DEAD_LINK: _l("The link leads nowhere"),
    ConcernKind.OUT_OF_DATE: _l("It is out of date, or over"),
    ConcernKind.WRONG: _l("Something said here is wrong"),
    ConcernKind.NOT_FREE: _l("It costs more than is said here"),
    ConcernKind.HARMFUL: _l("It is harmful, or not meant for local governments"),
    ConcernKind.OTHER: _l("Something else"),
}
REVIEW_STATES = {
    ReviewState.HELD: _l("Waits for a look"),
    ReviewState.SHOWN: _l("Shown to all"),
    ReviewState.HIDDEN: _l("Hidden"),
}
VOCABULARIES = {
    Vocabulary.ISSUE: _l("Issues"),
    Vocabulary.METHODOLOGY: _l("Methods"),
    Vocabulary.AUDIENCE: _l("Audiences"),
    Vocabulary.SECTION: _l("Parts of the network"),
}
