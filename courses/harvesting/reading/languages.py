"""Reading languages as partners write them: codes in any spelling, names in a dozen languages."""

from __future__ import annotations

import re
import tomllib
from functools import cache, lru_cache

from babel import Locale

from academy.text import fold_phrase
from courses.vocabularies.files import DATA

NAMES_READ_IN = ("en", "fr", "es", "pt", "de", "it", "ru", "nl", "zh", "ar", "tr", "id")
WRITTEN_OTHERWISE = {
    "chinese (simplified)": "zh-Hans",
    "chinese simplified": "zh-Hans",
    "chinese (china)": "zh-Hans",
    "chinese (traditional)": "zh-Hant",
    "chinese traditional": "zh-Hant",
    "mandarin": "zh",
    "portuguese (brazilian)": "pt-BR",
    "portuguese (brazil)": "pt-BR",
    "portuguese (european)": "pt-PT",
    "castellano": "es",
    "castilian": "es",
    "farsi": "fa",
    "filipino": "fil",
    "tagalog": "fil",
    "norwegian": "nb",
    "norsk": "nb",
    "bokmal": "nb",
    "norsk bokmal": "nb",
    "nynorsk": "nn",
    "norsk nynorsk": "nn",
    "chinese, mandarin": "zh",
    "chinese mandarin": "zh",
    "chinese, simplified": "zh-Hans",
    "chinese, traditional": "zh-Hant",
    "简体中文": "zh-Hans",
    "中文(简体)": "zh-Hans",
    "繁體中文": "zh-Hant",
    "繁体中文": "zh-Hant",
    "中文(繁體)": "zh-Hant",
    "英文": "en",
    "serbian (latin)": "sr-Latn",
    "serbian (cyrillic)": "sr-Cyrl",
}
AREAS = ("uk", "us", "usa", "gb", "latin america", "international", "american", "british")
"""Places, as partners write them behind a language, that no list of countries has."""

NO_LANGUAGE = frozenset(("mis", "mul", "root", "und", "zxx"))
_IN_BRACKETS = re.compile(r"\s*\([^()]*\)$")
_OF_PROGRAMS = re.compile(r"([A-Za-z]{2,3}[_-][A-Za-z]{2,4})(?:\.[A-Za-z0-9-]+)?(?:@[a-z]+)?")
"""A locale as programs name it, such as en_US.UTF-8 or ca_ES@euro."""

_BEFORE_A_PLACE = re.compile(r",|\s[-–/]\s")
LONGEST_NAME = 80


@lru_cache(maxsize=4_096)
def language(text: str) -> str | None:
    """Read a language: a code in any spelling, or its name in one of a dozen languages.

    Gives a BCP 47 code of language, script and region, such as pt-BR; None for anything else.
    """
    if len(text) > LONGEST_NAME:
        return None
    # Codes come first: Ga is a language of Ghana, but who writes "ga" means Irish.
    text = text.strip()
    locale = _OF_PROGRAMS.fullmatch(text)
    found = _code(locale[1] if locale else text) or _named(fold_phrase(text))
    name, *place = map(fold_phrase, _BEFORE_A_PLACE.split(text, maxsplit=1))
    return _named(name) if found is None and place and place[0] in _places() else found


def _named(name: str) -> str | None:
    for one in (name, name.removesuffix(" language"), _IN_BRACKETS.sub("", name)):
        if found := WRITTEN_OTHERWISE.get(one) or _names().get(one):
            return found
    return None


@cache
def _places() -> frozenset[str]:
    """Give the folded names of countries, in the languages partners write in."""
    named = (name for reader in NAMES_READ_IN for name in Locale(reader).territories.values())
    return frozenset((*AREAS, *(fold_phrase(str(name)) for name in named)))


def _code(text: str) -> str | None:
    # Its tables weigh three megabytes, and few processes ever read a language.
    import langcodes  # noqa: PLC0415
    from langcodes.tag_parser import LanguageTagError  # noqa: PLC0415

    try:
        standard = langcodes.standardize_tag(text.replace("_", "-"), macro=True)
        tag = langcodes.Language.get(standard)
    except (LanguageTagError, ValueError):
        return None
    base = "nb" if tag.language == "no" else tag.language
    if base not in _known():
        return None
    return "-".join(part for part in (base, tag.script, tag.territory) if part)


@cache
def _known() -> frozenset[str]:
    return frozenset(Locale("en").languages) - NO_LANGUAGE


@cache
def _names() -> dict[str, str]:
    """Map the folded names of languages, in the languages partners write in, to their codes."""
    written = tomllib.loads((DATA / "languages.toml").read_text(encoding="utf-8"))["names"]
    named = [(name, code) for code, name in written.items()]
    for reader in NAMES_READ_IN:
        named += [(str(name), str(code)) for code, name in Locale(reader).languages.items()]
    codes: dict[str, str] = {}
    for name, code in named:
        read = _code(code)
        if read:
            codes.setdefault(fold_phrase(name), read)
    return codes
