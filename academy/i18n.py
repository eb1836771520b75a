"""Languages: the one this visitor reads, their names, and text kept in several of them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from typing import Any
from urllib.parse import quote, urlencode

import flask_babel
from babel import Locale, UnknownLocaleError
from flask import Flask, current_app, g, has_app_context, has_request_context, request
from werkzeug.routing import BaseConverter

from academy.config import CHECKOUT

PUBLISHED = ("en", "fr", "es")
MOUNTED = (*PUBLISHED, "ar", "th")
"""Mounted languages answer at their address; until published they are kept from search engines."""

DEFAULT = "en"
LONGEST_ADDRESS = 2_000
SMALLEST_GROUPED = 1_000

Texts = dict[str, str]
"""One text in several languages: BCP 47 code -> text, the original language first."""

gettext: Callable[..., str] = flask_babel.gettext
ngettext: Callable[..., str] = flask_babel.ngettext


def number(value: int) -> str:
    """Write a number with the reader's separators, in Latin digits everywhere."""
    if 0 <= value < SMALLEST_GROUPED:
        # Most are: a page of the catalogue writes a hundred, which CLDR would take its time for.
        return str(value)
    return str(flask_babel.format_decimal(value))


class Sentences(flask_babel.Domain):  # type: ignore[misc] # Flask-Babel has no types.
    """Sentences in which whole numbers are grouped as the reader does: those of one request."""

    def __init__(self, domain: str, cache: dict[Any, Any]) -> None:
        super().__init__(domain=domain)
        self.cache, self.context = cache, flask_babel._get_current_context()

    def get_translations(self) -> Any:
        """Give the sentences of the language that is spoken now.

        They are looked up once in a page, which says hundreds. Flask-Babel forgets what its
        context keeps under this name whenever another language is forced.
        """
        found = getattr(self.context, "babel_translations", None)
        if found is None:
            found = super().get_translations()
            if self.context is not None:
                self.context.babel_translations = found
        return found

    def gettext(self, string: str, **variables: Any) -> str:
        """Say a sentence in the language of the page."""
        said: str = super().gettext(string, **_grouped(variables))
        return said

    def ngettext(self, singular: str, plural: str, num: int, **variables: Any) -> str:
        """Say a sentence with a number in the language of the page; %(num)d is grouped too."""
        said: str = self.get_translations().ungettext(singular, plural, num)
        return said.replace("%(num)d", "%(num)s") % _grouped({"num": num} | variables)


def _grouped(variables: dict[str, Any]) -> dict[str, Any]:
    return {
        name: number(value) if type(value) is int and abs(value) >= SMALLEST_GROUPED else value
        for name, value in variables.items()
    }


class Languages(flask_babel.Babel):  # type: ignore[misc] # Flask-Babel has no types.
    """Flask-Babel, but translated sentences are read from their files once, not at each request."""

    @property
    def domain_instance(self) -> flask_babel.Domain:
        """Give every request of an academy the sentences that were read before."""
        return Sentences(self.domain, current_app.extensions.setdefault("sentences", {}))


babel = Languages()


@dataclass(frozen=True, slots=True)
class Words:
    """A text and the language it is written in, when that differs from the page's."""

    text: str
    language: str | None = None


class LanguagePrefix(BaseConverter):
    """The first path segment of every page: one of the mounted languages."""

    regex = "|".join(MOUNTED)


def current_language() -> str:
    """Tell the language of the page or mail being made; where nothing tells, the default."""
    chosen: str | None = g.get("language") if has_app_context() else None
    return chosen or (preferred_language() if has_request_context() else DEFAULT)


@contextmanager
def speaking(language: str) -> Iterator[None]:
    """Put every word said inside the block into a language, whatever the page's: for mails."""
    before = g.get("language")
    g.language = language
    try:
        with flask_babel.force_locale(language):
            yield
    finally:
        g.language = before


def preferred_language() -> str:
    """Choose among the published languages by what the browser asks for."""
    return request.accept_languages.best_match(PUBLISHED) or DEFAULT


def base_language(code: str) -> str:
    """Give the base subtag of a BCP 47 code: es for es-MX."""
    return code.replace("_", "-").split("-", 1)[0].lower()


@cache
def _locale(code: str) -> Locale | None:
    try:
        return Locale.parse(code.replace("-", "_"))
    except (UnknownLocaleError, ValueError):
        return None


def direction(code: str) -> str:
    """Tell which way a language is written: "ltr" or "rtl"."""
    locale = _locale(base_language(code))
    return locale.text_direction if locale else "ltr"


def autonym(code: str) -> str:
    """Give a language's own name for itself, such as français; the code when unknown."""
    locale = _locale(base_language(code))
    name = locale.get_language_name() if locale else None
    return (name[:1].upper() + name[1:]) if name else language_name(code, DEFAULT)


def language_name(code: str, reader: str) -> str:
    """Name a language in the reader's language; the code itself when CLDR has no name."""
    name = _name_in_a_sentence(code, reader)
    return name[:1].upper() + name[1:]


def language_names(codes: Iterable[str], reader: str) -> list[str]:
    """Name languages to stand in a row: the first large, the others as inside a sentence."""
    names = names_in_a_sentence(codes, reader)
    return [name[:1].upper() + name[1:] for name in names[:1]] + names[1:]


def names_in_a_sentence(codes: Iterable[str], reader: str) -> list[str]:
    """Name languages as inside a sentence, in the reader's language."""
    return [_name_in_a_sentence(code, reader) for code in codes]


@cache
def _name_in_a_sentence(code: str, reader: str) -> str:
    locale = _locale(reader) or Locale("en")
    names = locale.languages
    return str(names.get(code.replace("-", "_")) or names.get(base_language(code)) or code)


def country_name(code: str, reader: str) -> str:
    """Name a country (ISO 3166-1 alpha-2) in the reader's language; the code when unknown."""
    locale = _locale(reader) or Locale("en")
    return str(locale.territories.get(code, code))


def region_name(code: str, reader: str) -> str:
    """Name a region of the world (UN M49) or a country to stand by itself; else the code."""
    name = country_name(code, reader)
    return name[:1].upper() + name[1:]


def text_in(texts: Texts, language: str) -> Words:
    """Pick the text for a reader: their language, else English, else the original (the first)."""
    for candidate in (language, base_language(language), DEFAULT):
        if texts.get(candidate):
            return Words(texts[candidate], None if candidate == language else candidate)
    for code, text in texts.items():
        if text:
            return Words(text, code)
    return Words("")


def own_text(texts: Texts, language: str) -> Words:
    """Pick the text in its own language (the first), as titles are shown."""
    code, text = next(iter(texts.items()), (language, ""))
    return Words(text, None if code == language else code)


def same_page_in(language: str) -> str:
    """Address this page in another language: the same path and the same query.

    What has no language in its path has no other languages: there, the front page. So it is for
    an address beyond all reason, which a page would otherwise repeat for every language.
    """
    if not g.get("language") or len(request.full_path) > LONGEST_ADDRESS:
        return f"/{language}/"
    path = f"/{language}/" + quote(request.path[1:].partition("/")[2])
    query = urlencode(list(request.args.items(multi=True)))
    return f"{path}?{query}" if query else path


def speak_languages(app: Flask) -> None:
    """Prefix pages with their language and let Babel follow the prefix."""
    app.url_map.converters["language"] = LanguagePrefix
    babel.init_app(
        app,
        default_locale=DEFAULT,
        default_translation_directories=str(CHECKOUT / "translations"),
        locale_selector=current_language,
    )

    @app.url_value_preprocessor
    def take_language(_endpoint: str | None, values: dict[str, Any] | None) -> None:
        first = request.path.split("/", 2)[1]
        g.language = first if first in MOUNTED else None
        (values or {}).pop("lang", None)

    @app.url_defaults
    def give_language(endpoint: str, values: dict[str, Any]) -> None:
        if "lang" in values or not current_app.url_map.is_endpoint_expecting(endpoint, "lang"):
            return
        values["lang"] = current_language()
