"""The door for partners' texts: composed, mended, without what turns or hides, of bounded length.

Markup is cleaned once, where it is stored (academy.text); here is done what that does not do.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import replace

from academy.text import is_web_address, plain_text
from courses.catalogue.content import MeetingContent, RunContent, TextContent
from courses.harvesting.draft import Draft, Notes, Weight
from courses.harvesting.reading.mojibake import mended

LONGEST_DESCRIPTION = 50_000
LONGEST_LINE = 5_000
LONGEST_WORD = 500
MOST_WORDS = 200
MOST_TEXTS = 40

# Overrides, embeddings and isolates turn the text around them; tags and annotations hide in it.
# What joins letters, and the marks beside letters written from right to left, stay.
_TURNING = re.compile("[\u202a-\u202e\u2066-\u2069\ufff9-\ufffb\U000e0000-\U000e007f]")
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
_INLINED = re.compile(r"""(["'])\s*data:[^"'<>]*\1""", re.IGNORECASE)


def cleaned(draft: Draft) -> Draft:
    """Give the draft with its texts made safe, and findings of what was mended or shortened."""
    door = _Door(draft.line)
    clean = replace(
        draft,
        texts=[door.text(text) for text in draft.texts[:MOST_TEXTS]],
        provider=door.line_or_none("provider", draft.provider),
        workload=door.line_or_none("workload", draft.workload),
        contact=door.line_or_none("contact", draft.contact),
        for_whom=draft.for_whom and door.words_by("audience", draft.for_whom),
        words=door.words("subjects", draft.words),
        codes={name: door.words(name, codes) for name, codes in draft.codes.items()},
        runs=[door.run(run) for run in draft.runs],
    )
    return replace(clean, findings=(*draft.findings, *door.notes.found))


class _Door:
    """Cleans the texts of one record, and notes of each field what is to be told, once."""

    def __init__(self, line: int) -> None:
        self.notes = Notes(line)
        self._noted: set[tuple[str, str]] = set()

    def _note(self, name: str, code: str, found: str) -> None:
        if (name, code) not in self._noted:
            self._noted.add((name, code))
            self.notes.add(name, code, found, Weight.REPAIRED)

    def line(self, name: str, text: str, limit: int = LONGEST_LINE) -> str:
        """Clean a text; a long one is cut at a space where there is one."""
        if text.isascii() and len(text) <= limit and text.isprintable():
            return text
        if len(text) > limit == LONGEST_LINE and "<" in text:
            # Tags are no words: what would be cut off may be all that is said.
            text = plain_text(text)
        right = mended(text[: limit * 2])
        if right != text[: limit * 2]:
            self._note(name, "mended-encoding", text)
        right = _CONTROL.sub(" ", _TURNING.sub("", right))
        if not unicodedata.is_normalized("NFC", right):
            right = unicodedata.normalize("NFC", right)
        if len(right) > limit:
            self._note(name, "shortened", text)
            right = right[:limit].rpartition(" ")[0] or right[:limit]
        return right

    def line_or_none(self, name: str, text: str | None) -> str | None:
        """Clean a text that may be missing; one that says nothing is."""
        return (self.line(name, text).strip() or None) if text else text

    def text(self, text: TextContent) -> TextContent:
        """Clean what an offer says of itself in one language."""
        description = text.description
        if description is not None and len(description) > LONGEST_DESCRIPTION:
            # Pictures that are written out hide what is said behind them.
            description = _INLINED.sub('""', description)
        return replace(
            text,
            title=self.line("title", text.title),
            summary=self.line_or_none("summary", text.summary),
            description=description and self.line("description", description, LONGEST_DESCRIPTION),
        )

    def words(self, name: str, words: Sequence[str]) -> list[str]:
        """Clean words, as many as anybody reads."""
        if len(words) > MOST_WORDS:
            self._note(name, "shortened", str(words[MOST_WORDS]))
        return [self.line(name, word, LONGEST_WORD) for word in words[:MOST_WORDS]]

    def words_by(self, name: str, words: Mapping[str, str]) -> dict[str, str]:
        """Clean words by language."""
        return {code: self.line(name, text) for code, text in words.items()}

    def run(self, run: RunContent) -> RunContent:
        """Clean what is said of meetings; links that lead nowhere on the web are left out."""
        if not run.meetings:
            return run
        return replace(run, meetings=[self._meeting(one) for one in run.meetings])

    def _meeting(self, one: MeetingContent) -> MeetingContent:
        return replace(
            one,
            title=self.words_by("meetings", one.title),
            recording=self._address(one.recording),
            join_link=one.join_link and self._address(one.join_link),
        )

    def _address(self, address: str) -> str:
        if address and not is_web_address(address):
            self._note("meetings", "unusable-address", address)
            return ""
        return address
