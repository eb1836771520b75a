"""Texts in several languages at once, as Moodle writes them: <span lang="fr" class="multilang">.

Also {mlang fr}...{mlang}, of a plugin that many sites have. What stands outside belongs to all.
"""

from __future__ import annotations

import re

from courses.harvesting.reading.languages import language

MOST_LANGUAGES = 30
OTHER = "other"
"""What is meant for readers of languages that have no part of their own."""

_MARK = re.compile(r"(<span\b[^<>]{0,300}>|</span\s*>|\{mlang(?:\s[^{}]{0,40})?\})", re.IGNORECASE)
_CLASS = re.compile(r"""\bclass\s*=\s*["']?[^"'<>]{0,100}\bmultilang\b""", re.IGNORECASE)
_LANG = re.compile(r"""\b(?:xml:)?lang\s*=\s*["']?([\w-]{2,20})""", re.IGNORECASE)

Choice = dict[str, str]
"""One part in several languages."""


def spoken(text: str) -> dict[str, str]:
    """Give the text in each language it is written in, the first first; as it is when in one."""
    parts = _Parts()
    for place, piece in enumerate(_MARK.split(text)):
        if place % 2:
            parts.mark(piece)
        else:
            parts.say(piece)
    choices = parts.ended()
    codes = [code for one in choices if isinstance(one, dict) for code in one if code != OTHER]
    if not codes:
        return {"": "".join(one if isinstance(one, str) else _in("", one) for one in choices)}
    return {
        code: "".join(one if isinstance(one, str) else _in(code, one) for one in choices)
        for code in list(dict.fromkeys(codes))[:MOST_LANGUAGES]
    }


def _in(code: str, choice: Choice) -> str:
    return choice.get(code) or choice.get(OTHER) or next(iter(choice.values()))


class _Parts:
    """Takes a text apart into what is said to all, and what is said in one language or another."""

    def __init__(self) -> None:
        self._found: list[str | Choice] = []
        self._codes: list[str] = []
        self._inside: list[str] = []
        self._spans = 0
        """Spans that are open inside the one that names a language."""

    def say(self, text: str) -> None:
        """Hear a piece of text."""
        if self._codes:
            self._inside.append(text)
        elif text:
            self._found.append(text)

    def mark(self, mark: str) -> None:
        """Hear a mark, which may begin or end a part in a language."""
        if mark.startswith("{"):
            self._close()
            self._codes = _codes(mark[len("{mlang") : -1])
        elif not self._codes:
            lang = _LANG.search(mark) if _CLASS.search(mark) else None
            self._codes = _codes(lang[1]) if lang else []
            if not lang:
                self.say(mark)
        elif mark.startswith("</") and not self._spans:
            self._close()
        else:
            self._spans += -1 if mark.startswith("</") else 1
            self.say(mark)

    def ended(self) -> list[str | Choice]:
        """Give the parts, in their order."""
        self._close()
        return self._found

    def _close(self) -> None:
        if self._codes:
            made = dict.fromkeys(self._codes, "".join(self._inside))
            apart = self._found[-1:] and isinstance(self._found[-1], str)
            if apart and not str(self._found[-1]).strip() and len(self._found) > 1:
                self._found.pop()  # Nothing but a space between two languages.
            last = self._found[-1] if self._found else ""
            if isinstance(last, dict) and not last.keys() & made.keys():
                last |= made
            else:
                self._found.append(made)
        self._codes, self._inside, self._spans = [], [], 0


def _codes(written: str) -> list[str]:
    """Read the languages a mark names; those we do not know are meant for everybody else."""
    return [language(word) or OTHER for word in re.split(r"[\s,]+", written) if word]
