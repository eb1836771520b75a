"""The many spellings of a licence are one name."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from courses.vocabularies.licences import LONGEST, SUGGESTED, address_of, licence, named_in

CC = "https://creativecommons.org/licenses"


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("CC-BY-4.0", "CC-BY-4.0"),
        ("cc by 4.0", "CC-BY-4.0"),
        ("CC BY-NC-SA 3.0", "CC-BY-NC-SA-3.0"),
        ("CC-BY NC ND 4.0", "CC-BY-NC-ND-4.0"),
        ("CC BY 3.0 IGO", "CC-BY-3.0-IGO"),
        (f"{CC}/by/4.0/", "CC-BY-4.0"),
        (f"{CC}/by/4.0", "CC-BY-4.0"),
        ("http://www.creativecommons.org/licenses/by-sa/3.0/deed.fr", "CC-BY-SA-3.0"),
        (f"{CC}/by-nc-sa/4.0/legalcode", "CC-BY-NC-SA-4.0"),
        (f"{CC}/by/3.0/igo/", "CC-BY-3.0-IGO"),
        (f"{CC}/by/3.0/de/", f"{CC}/by/3.0/de/"),
        ("https://creativecommons.org/publicdomain/zero/1.0/", "CC0-1.0"),
        ("https://creativecommons.org/publicdomain/mark/1.0/", "CC-PDM-1.0"),
        ("CC0", "CC0-1.0"),
        ("CC Zero 1.0", "CC0-1.0"),
        ("Creative Commons Attribution 4.0 International", "CC-BY-4.0"),
        ("Creative Commons Attribution-NonCommercial-ShareAlike 4.0", "CC-BY-NC-SA-4.0"),
        ("Creative Commons Attribution NoDerivatives 4.0", "CC-BY-ND-4.0"),
        ("https://spdx.org/licenses/GFDL-1.3-only.html", "GFDL-1.3-only"),
        ("https://spdx.org/licenses/CC-BY-4.0.html", "CC-BY-4.0"),
        ("All rights reserved.", "proprietary"),
        ("CC BY", "CC BY"),
        ("MIT", "MIT"),
        ("Free for public bodies", "Free for public bodies"),
        ("https://example.org/terms", "https://example.org/terms"),
        (f"https://example.org/{'x' * LONGEST}", ""),
        ("", ""),
        ("  ", ""),
    ],
)
def test_a_licence_has_one_name(text: str, name: str) -> None:
    assert licence(text) == name
    assert licence(name) == name


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("© River School 2026. Licensed under CC BY-SA 4.0.", "CC-BY-SA-4.0"),
        (f"See {CC}/by-nc/4.0/ for the terms", "CC-BY-NC-4.0"),
        ("© River School, all rights reserved", ""),
        ("Copyright 2026", ""),
    ],
)
def test_a_text_may_name_a_licence(text: str, name: str) -> None:
    assert named_in(text) == name


@pytest.mark.parametrize(
    ("name", "address"),
    [
        ("CC-BY-4.0", f"{CC}/by/4.0/"),
        ("CC-BY-NC-SA-3.0", f"{CC}/by-nc-sa/3.0/"),
        ("CC-BY-3.0-IGO", f"{CC}/by/3.0/igo/"),
        ("CC0-1.0", "https://creativecommons.org/publicdomain/zero/1.0/"),
        ("https://example.org/terms", "https://example.org/terms"),
        ("javascript:alert(1)", None),
        ("Free for public bodies", None),
        ("proprietary", None),
    ],
)
def test_a_licence_can_be_read_where_its_name_tells(name: str, address: str | None) -> None:
    assert address_of(name) == address


def test_what_is_suggested_is_already_a_name() -> None:
    assert [licence(name) for name in SUGGESTED] == list(SUGGESTED)


@given(st.text(max_size=300) | st.text("cbynsadCBY40. -_/", max_size=60))
def test_a_name_is_a_short_line_and_stays_what_it_is(text: str) -> None:
    name = licence(text)
    assert len(name) <= LONGEST
    assert licence(name) == name
