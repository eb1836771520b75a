"""On what terms a course of MOOChub is given: what it costs, its certificate, its licence."""

from __future__ import annotations

from courses.catalogue.models import Certificate, Cost
from courses.harvesting.formats.documents import Told
from courses.harvesting.reading import values as reading
from courses.vocabularies.licences import PROPRIETARY


def cost_of(course: Told) -> Cost | None:
    """Tell whether the course itself can be had for nothing; its certificate may cost."""
    access = course.many("access")
    prices = [
        reading.cost(offer.words("price"))
        for offer in course.objects("offer")
        if offer.words("category") != "certificate"
    ]
    if "free" in access or Cost.FREE in prices:
        return Cost.FREE
    return Cost.PAID if "paid" in access or Cost.PAID in prices else None


def certificate_of(course: Told) -> Certificate | None:
    """Tell whether there is a certificate, and whether it costs."""
    offers = [one for one in course.objects("offer") if one.words("category") == "certificate"]
    prices = {reading.cost(offer.words("price")) for offer in offers}
    if Cost.FREE in prices:
        return Certificate.FREE
    return Certificate.PAID if Cost.PAID in prices else None


def licences_of(course: Told) -> list[str]:
    """Give what names the licence; "proprietary" is also what says that nothing is known."""
    told = course.objects("license", "courseLicenses")
    names = [one.words("identifier", "id") or one.words("url", "contentUrl") for one in told]
    return [name for name in (*names, *course.many("license")) if name != PROPRIETARY]
