"""Titles compared: first the numbers, years and parts they name, then their words."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from itertools import combinations

from rapidfuzz import fuzz

from academy.i18n import base_language
from academy.text import fold

ALIKE = 92
"""From here on titles are so alike that people look, of 100."""

MOST_COMPARED = 300
"""Characters of a title that are compared."""

_YEARS = re.compile(r"\b((?:19|20)\d\d)\s*[/\-–—]\s*(\d\d)(?!\d)")
_WITH_SIGNS = re.compile(r"\b[a-z](?:\+\+|#)")
"""Names that without their signs are other names."""

_ROMAN = re.compile(r"(?=[ivx])x{0,3}(?:ix|iv|v?i{0,3})")
_ROMAN_VALUES = {"i": 1, "v": 5, "x": 10}
_PART_WORDS = (
    "part parts module modules unit session lesson week level volume vol chapter webinar course"
    " partie semaine seance niveau cours parte modulo unidad unidade sesion sessao semana nivel"
    " teil woche kurs modul deel bagian часть модуль урок الجزء جزء الوحدة"
)
_PARTS = frozenset(_PART_WORDS.split())
_COUNTED = {
    word: number
    for number, words in enumerate(
        (
            "one first premier premiere primero primera primeiro primeira erster erste الاول",
            "two second deux deuxieme dos segundo segunda dois duas zwei zweiter zweite الثاني",
            "three third trois troisieme tres tercero tercera terceiro terceira drei dritte الثالث",
            "four fourth quatre quatrieme cuatro cuarto cuarta quatro quarto quarta vier vierte",
            "five fifth cinq cinquieme cinco quinto quinta funf funfte",
            "six sixth sixieme seis sexto sexta sechs sechste",
        ),
        start=1,
    )
    for word in words.split()
}
_STAGES = {
    word: stage
    for stage, words in {
        "basic": "basic basics beginner beginners introduction introductory introduccion"
        " introducao elementary initiation debutant debutants basico grundlagen einfuhrung مقدمه",
        "middle": "intermediate intermediaire intermedio intermediario",
        "advanced": "advanced avance avancee avanzado avanzada avancado avancada fortgeschrittene"
        " متقدم",
    }.items()
    for word in words.split()
}
_CHINESE = {char: number for number, char in enumerate("一二三四五六七八九十", start=1)}
_CHINESE_PART = re.compile("第\\s*([一二三四五六七八九十])|[((]([上中下一二三四五六七八九十])[))]")


@dataclass(frozen=True, slots=True)
class Likeness:
    """How alike two offers' titles are, of 100; None where no language has both.

    `contradicted` when they name different numbers, years or parts in each language they share.
    """

    score: int | None
    contradicted: bool


class _Spaces(dict[int, int]):
    """Puts a space in place of what is no letter, digit or mark."""

    def __missing__(self, point: int) -> int:
        keeps = unicodedata.category(chr(point))[0] in "LMN"
        self[point] = point if keeps else 0x20
        return self[point]


_SPACES = _Spaces()


@lru_cache(maxsize=1 << 15)
def words_of(title: str) -> tuple[str, ...]:
    """Give the words of a title as they are compared, in the order of the alphabet."""
    return tuple(sorted(_in_order(title)))


@lru_cache(maxsize=1 << 15)
def numbers_of(title: str) -> tuple[str, ...]:
    """Give the digits, roman numerals, years and part words that a title names, in order."""
    signs = _WITH_SIGNS.findall(title.casefold())
    found = (*_digits(title), *_roman(title), *_stages(title), *_chinese(title), *signs)
    return tuple(sorted(found))


def likeness(one: Mapping[str, str], other: Mapping[str, str]) -> Likeness:
    """Compare the titles of two offers, by language, in the languages that both have."""
    shared = list(_shared(one, other))
    fitting = [pair for pair in shared if numbers_of(pair[0]) == numbers_of(pair[1])]
    if fitting:
        return Likeness(max(_alike(*pair) for pair in fitting), contradicted=False)
    if shared:
        return Likeness(max(_alike(*pair) for pair in shared), contradicted=True)
    return Likeness(None, contradicted=_translations_contradict(one, other))


def title_keys(titles: Mapping[str, str]) -> Iterator[str]:
    """Give by what a title is found among thousands: two of its three longest words.

    Of titles so alike that people look, one pair at least is the same (of real ones, in 97 of 100
    cases that are not letter by letter the same). Titles of one or two words are found by how each
    begins. The language stands before them.
    """
    for code, title in titles.items():
        words = sorted(set(words_of(title)), key=lambda word: (-len(word), word))
        if len(words) > 2:
            found = [" ".join(sorted(pair)) for pair in combinations(words[:3], 2)]
        else:
            found = [f"{word[:4]}…" for word in words] or ["…"]
        for key in found:
            yield f"{base_language(code)}:{key}"


def _in_order(title: str) -> list[str]:
    return fold(title[:MOST_COMPARED]).translate(_SPACES).split()


def _alike(one: str, other: str) -> int:
    # Of words in the order of the alphabet, this is token_sort_ratio.
    return int(fuzz.ratio(" ".join(words_of(one)), " ".join(words_of(other))))


def _shared(one: Mapping[str, str], other: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    theirs = {base_language(code): title for code, title in other.items()}
    for code, title in one.items():
        if there := theirs.get(base_language(code)):
            yield title, there


def _translations_contradict(one: Mapping[str, str], other: Mapping[str, str]) -> bool:
    """Compare the digits alone: words that count are not the same in two languages."""
    firsts, seconds = (sorted(_all_digits(titles.values())) for titles in (one, other))
    return bool(firsts and seconds) and not set(firsts) & set(seconds)


def _all_digits(titles: Iterable[str]) -> set[tuple[str, ...]]:
    found = {tuple(sorted(_digits(title))) for title in titles}
    return {digits for digits in found if digits}


def _digits(title: str) -> list[str]:
    plain = _YEARS.sub(lambda year: f"{year[1]} {year[1][:2]}{year[2]}", fold(title))
    return [digits.lstrip("0") or "0" for digits in re.findall(r"\d+", plain)]


def _roman(title: str) -> Iterator[str]:
    """Read roman numerals up to 39; a single letter is one only where it is written as one."""
    words = title.translate(_SPACES).split()
    for place, word in enumerate(words):
        small = word.casefold()
        after_part = place > 0 and fold(words[place - 1]) in _PARTS
        if len(small) == 1 and after_part and small in "abcde":
            yield f"part {small}"
        elif _ROMAN.fullmatch(small) and (len(small) > 1 or (place > 0 and word.isupper())):
            values = [_ROMAN_VALUES[letter] for letter in small]
            pairs = zip(values, [*values[1:], 0], strict=True)
            yield str(sum(-here if here < after else here for here, after in pairs))


def _stages(title: str) -> Iterator[str]:
    """Read numbers in words beside a word for part, and for whom it is."""
    words = _in_order(title)
    for place, word in enumerate(words):
        beside = {*words[max(place - 1, 0) : place], *words[place + 1 : place + 2]}
        if word in _COUNTED and beside & _PARTS:
            yield str(_COUNTED[word])
        elif word in _STAGES:
            yield _STAGES[word]


def _chinese(title: str) -> Iterator[str]:
    for counted, told in _CHINESE_PART.findall(unicodedata.normalize("NFKC", title)):
        part = counted or told
        yield str(_CHINESE[part]) if part in _CHINESE else part
