"""Where in the world a country lies: the tree of regions, which is kept in memory."""

from __future__ import annotations

from collections.abc import Iterator

from courses.vocabularies.files import region_above, regions_below


def is_region(code: str) -> bool:
    """Tell whether this is the code of a region (UN M49) or of a country in one (ISO 3166-1)."""
    return code in regions_below() or code in region_above()


def regions_above(code: str | None) -> tuple[str, ...]:
    """Give the regions a country or region lies in, the nearest first, the widest last.

    Empty for a region of the world, and for a country that M49 places nowhere.
    """
    return tuple(_upwards(code or ""))


def regions_of(country: str | None) -> tuple[str, ...]:
    """Give a country and all regions it lies in; nothing where M49 places it nowhere."""
    above = regions_above(country)
    return (country, *above) if country and above else ()


def countries_in(code: str) -> frozenset[str]:
    """Give the countries of a region; a country by itself."""
    below = regions_below().get(code)
    if below is None:
        return frozenset({code})
    return frozenset().union(*map(countries_in, below))


def _upwards(code: str) -> Iterator[str]:
    above = region_above().get(code)
    while above:
        yield above
        above = region_above().get(above)
