"""Whatever is asked, in whatever script or spirit: an answer, never an error."""

from __future__ import annotations

import unicodedata
from html import unescape
from typing import Any
from urllib.parse import urlencode

import pytest
from flask import Flask

from courses.search.analyzers import alternatives, tokens, words

HOSTILE = {
    "quote and bracket": '"(',
    "field": "title:",
    "star": "*",
    "stars inside": "wat*r ?at~2",
    "three hundred NOTs": "NOT " * 300,
    "operators": "water AND (city OR NOT river) ^3 [a TO b]",
    "ten thousand bytes": "wat er" * 1_700,
    "one word without end": "a" * 10_000,
    "NUL": "wa\0ter\0",
    "only marks": "!?.,;:-–—…\"'«»()[]{}<>/\\|@#$%^&*+=~`",
    "combining marks": "́̂̃" * 50,
    "emoji": "😀🏙️👩‍🚒🇫🇷",
    "spaces": " \t\n\u00a0\u3000\u200b ",
    "script": '"><script>alert(1)</script>',
    "template": "{{ 7 * 7 }} {% if %} ${7*7} %s %(q)s",
    "statement": "'; DROP TABLE offers; --",
    "path": "../../etc/passwd",
    "right to left": "\u202eretaw\u202c \u2067ماء\u2069",
    "beyond the basic plane": "𝔴𝔞𝔱𝔢𝔯 𠮷野家 𓀀",
    "newlines": "water\r\nSet-Cookie: a=b",
}
CODE_POINTS = [
    chr(point)
    for point in range(0, 0x110000, 16)
    if unicodedata.category(chr(point)) not in {"Cs", "Cn"}
]


def page(app: Flask, query: str, language: str = "en") -> str:
    answer = app.test_client().get(f"/{language}/learn?{query}")
    assert answer.status_code == 200
    return answer.text


def told(app: Flask, query: str, status: int = 200) -> dict[str, Any]:
    answer = app.test_client().get(f"/api/v1/offers?{query}")
    assert answer.status_code == status
    found: dict[str, Any] = answer.get_json()
    return found


@pytest.mark.parametrize("words_asked", HOSTILE.values(), ids=HOSTILE.keys())
def test_hostile_words_get_an_answer(shown: Flask, words_asked: str) -> None:
    query = urlencode({"q": words_asked})
    found = page(shown, query)
    assert found.count("<script>alert") == 0
    assert told(shown, query)["away"] is False


@pytest.mark.parametrize("parameter", ["issue", "language", "institution", "kind", "sort", "page"])
@pytest.mark.parametrize("value", HOSTILE.values(), ids=HOSTILE.keys())
def test_hostile_values_get_an_answer(shown: Flask, parameter: str, value: str) -> None:
    query = urlencode({parameter: value})
    nothing_was_said = not "".join(" " if ord(char) < 32 else char for char in value).strip()
    assert page(shown, query).count("<script>alert") == 0
    told(shown, query, 200 if nothing_was_said else 422)


@pytest.mark.parametrize("query", ["q=%", "q=%FF%FE", "q=%C3", "%00=%00", "q[]=a", "&&&==&", "q"])
def test_a_broken_query_string_gets_an_answer(shown: Flask, query: str) -> None:
    page(shown, query)
    told(shown, query)


def test_every_character_can_be_read_as_a_word_or_as_none() -> None:
    for char in CODE_POINTS:
        for word in words(f"a{char}b {char}{char}"):
            ways = alternatives(word)
            assert ways[0] == (f"={word}",)
            assert all(token for way in ways for token in way)


def test_what_was_written_is_found_by_its_own_words() -> None:
    for char in CODE_POINTS:
        text = f"water {char}a{char} city{char}"
        held = set(tokens(text, "en"))
        missed = [
            word
            for word in words(text)
            if not any(held.issuperset(way) for way in alternatives(word))
        ]
        assert missed == [], f"U+{ord(char):04X}"


@pytest.mark.parametrize("asked", ["only marks", "combining marks", "emoji"])
def test_marks_alone_find_nothing(shown: Flask, asked: str) -> None:
    found = told(shown, urlencode({"q": HOSTILE[asked]}))
    assert (found["total"], found["offers"], found["facets"]["kind"]) == (0, [], {})


def test_spaces_alone_ask_for_everything(shown: Flask) -> None:
    assert told(shown, urlencode({"q": " \t\n "})) == told(shown, "")


@pytest.mark.parametrize("language", ["en", "ar", "th"])
def test_an_unknown_value_is_named_on_the_page_and_refused_by_the_api(
    shown: Flask, language: str
) -> None:
    query = "issue=love&issue=water&methodology=telepathy"
    found = unescape(page(shown, query, language))
    values = ("\u2068love\u2069", "\u2068telepathy\u2069")
    notes = [f"“{value}” is unknown here and was left out." for value in values]
    assert [found.count(note) for note in notes] == [1, 1]
    problem = told(shown, query, 422)
    assert problem["errors"] == {
        "issue": "“love” is unknown here.",
        "methodology": "“telepathy” is unknown here.",
    }
    assert problem["status"] == 422


def test_the_page_leaves_an_unknown_value_out(shown: Flask) -> None:
    def heading(query: str) -> str:
        return page(shown, query).partition('data-announced="')[2].partition('"')[0]

    assert heading("issue=love&issue=water") == heading("issue=water") != heading("")


def test_an_unknown_parameter_is_passed_over(shown: Flask) -> None:
    assert told(shown, "utm_source=mail&method=mooc") == told(shown, "")


@pytest.mark.parametrize("number", [4, 5, 999, 100_000])
def test_a_page_past_the_end_is_empty(shown: Flask, number: int) -> None:
    found = told(shown, f"page={number}")
    assert (found["page"], found["offers"], found["next"]) == (number, [], None)
    assert found["total"] == told(shown, "")["total"]
    assert page(shown, f"page={number}").count('<ol class="offers">') == 0
    assert page(shown, "page=3").count('<ol class="offers">') == 1


@pytest.mark.parametrize(("scalar", "other"), [("q", "city"), ("sort", "newest"), ("page", "2")])
def test_a_scalar_given_twice_is_refused_by_the_api_and_read_once_by_the_page(
    shown: Flask, scalar: str, other: str
) -> None:
    first = {"q": "water", "sort": "soonest", "page": "1"}[scalar]
    problem = told(shown, f"{scalar}={first}&{scalar}={other}", 422)
    assert problem["errors"] == {scalar: "This can be given once only."}
    twice = page(shown, f"{scalar}={first}&{scalar}={other}")
    assert main(twice) == main(page(shown, f"{scalar}={first}"))


def main(found: str) -> str:
    """Give the results of a page."""
    start = found.index('<section id="results"')
    return found[start : found.index("</section>", start)]
