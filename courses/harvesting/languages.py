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
}
NO_LANGUAGE = frozenset(("mis", "mul", "root", "und", "zxx"))
_IN_BRACKETS = re.compile(r"\s*\([^()]*\)$")
LONGEST_NAME = 80


@lru_cache(maxsize=4_096)
def language(text: str) -> str | None:
    """Read a language: a code in any spelling, or its name in one of a dozen languages.

    Gives a BCP 47 code of language, script and region, such as pt-BR; None for anything else.
    """
    if len(text) > LONGEST_NAME:
        return None
    # Codes come first: Ga is a language of Ghana, but who writes "ga" means Irish.
    return _code(text.strip()) or _named(fold_phrase(text))


def _named(name: str) -> str | None:
    bare = _IN_BRACKETS.sub("", name)
    return WRITTEN_OTHERWISE.get(name) or _names().get(name) or _names().get(bare)


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
