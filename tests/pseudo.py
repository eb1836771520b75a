"""A language that nobody speaks: shows which words of a page or a mail were never translated.

Every sentence is written with letters that no English word has: ⟦Ŝîĝñ îñ⟧. Whatever is then left
in plain Latin letters is either data (a name, a title, a code) or was left out by mistake.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from email.message import EmailMessage
from html.parser import HTMLParser
from pathlib import Path

from babel.messages.catalog import Catalog
from flask import Flask
from translating import Book, as_mo, found

LANGUAGE = "th"
"""The pseudo-sentences stand in for those of a language that has none of its own yet, and whose
names of months, days and languages are in other letters."""

PLAIN = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
ODD = "áƀćđéƒǵĥíĵķĺɱñóṕʠŕśţúṽŵẋýžÁɃĆĐÉƑǴĤÍĴĶĹṀÑÓṔɊŔŚŢÚṼŴẊÝŽ"
LETTERS = str.maketrans(PLAIN, ODD)
FILLED = re.compile(r"%(?:\(\w+\)[a-z]|%)")
WORD = re.compile(r"[A-Za-z]{2,}")
ADDRESS = re.compile(r"https?://\S+|[\w.+-]+@[\w.-]+|[\w-]{2,}(?:\.[\w-]{2,})+")
"""Addresses of pages, mails and machines: data wherever they stand."""

SPOKEN = ("title", "alt", "aria-label", "placeholder", "data-announced")
"""Attributes whose words are read by people, beside the `value` of buttons and some `meta`."""

SPOKEN_META = ("description", "og:title", "og:description")
SILENT = ("script", "style", "template", "textarea", "code")
"""Elements whose text nobody reads, is a code, or was written by who reads it."""

VOID = frozenset(
    ("meta", "link", "input", "br", "hr", "img", "source", "wbr", "col", "area", "embed", "track")
)


def pseudo(sentence: str) -> str:
    """Write a sentence in the language nobody speaks; what is filled in stays."""
    pieces, last = [], 0
    for hole in FILLED.finditer(sentence):
        pieces += [sentence[last : hole.start()].translate(LETTERS), hole.group()]
        last = hole.end()
    return "⟦" + "".join((*pieces, sentence[last:].translate(LETTERS))) + "⟧"


def write_pseudo(folder: Path) -> Path:
    """Write the catalogue of every sentence there is below a folder, and give the folder."""
    book = Book(locale=LANGUAGE)
    for message in found():
        if not message.id:
            continue
        if isinstance(message.id, str):
            book.add(message.id, pseudo(message.id))
        else:
            book.add(message.id, (pseudo(message.id[1]),) * Catalog(LANGUAGE).num_plurals)
    path = folder / LANGUAGE / "LC_MESSAGES" / "messages.mo"
    path.parent.mkdir(parents=True)
    path.write_bytes(as_mo(book))
    return folder


def speak_pseudo(app: Flask, folder: Path) -> None:
    """Let an academy take its sentences from the catalogue below a folder."""
    app.extensions["babel"].translation_directories = [str(write_pseudo(folder))]
    app.extensions.pop("sentences", None)


class Data:
    """What people and partners wrote, and names that are the same in every language."""

    def __init__(self, words: Iterable[str]) -> None:
        self._whole = sorted({_plain(word) for word in words} - {""}, key=len, reverse=True)
        self._known = frozenset(self._whole)
        self._any = re.compile(
            "|".join(rf"(?<![A-Za-z]){re.escape(word)}(?![A-Za-z])" for word in self._whole) or "$^"
        )

    def left(self, text: str) -> str:
        """Give what words a text has beside the data in it, spaces evened."""
        text = _plain(text)
        if text in self._known or not WORD.search(ADDRESS.sub(" ", text)):
            return ""
        cut = re.sub(r"(\.\.\.|…)$", "", text)
        if cut != text and any(word.startswith(cut) for word in self._whole):
            return ""
        return " ".join(WORD.findall(ADDRESS.sub(" ", self._any.sub(" ", text))))


def _plain(text: str) -> str:
    return " ".join(text.split())


class Spoken(HTMLParser):
    """Reads out of a page or an HTML mail what people see or hear in the language of the page.

    What is marked as being in another language is data by its own word.
    """

    def __init__(self, page: str) -> None:
        super().__init__()
        self.said: list[str] = []
        self._open: list[tuple[str, bool]] = []
        self._language = ""
        self.feed(page)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        named = {name: value or "" for name, value in attrs}
        if tag == "html":
            self._language = named.get("lang", "")
        foreign = named.get("lang", self._language) != self._language
        silent = tag in SILENT or foreign or self._is_silent()
        if not silent:
            self.said += [text for text in self._attributes(tag, named) if text]
        if tag not in VOID:
            self._open.append((tag, silent))

    def handle_endtag(self, tag: str) -> None:
        while self._open and any(tag == name for name, _silent in self._open):
            if self._open.pop()[0] == tag:
                return

    def handle_data(self, data: str) -> None:
        if data.strip() and not self._is_silent():
            self.said.append(data)

    def _is_silent(self) -> bool:
        return bool(self._open) and self._open[-1][1]

    @staticmethod
    def _attributes(tag: str, named: dict[str, str]) -> Iterator[str]:
        yield from (named[name] for name in SPOKEN if name in named)
        if tag == "input" and named.get("type") in {"submit", "button", "reset"}:
            yield named.get("value", "")
        if tag == "meta" and (named.get("name") or named.get("property")) in SPOKEN_META:
            yield named.get("content", "")


def untranslated_in_page(page: str, data: Data) -> list[str]:
    """Give the pieces of a page, or of an HTML mail, that hold words nobody translated."""
    return [" ".join(text.split()) for text in Spoken(page).said if data.left(text)]


def untranslated_in_text(text: str, data: Data) -> list[str]:
    """Give the lines of a plain mail that hold words nobody translated."""
    return [line.strip() for line in text.splitlines() if data.left(line)]


def untranslated_in_mail(mail: EmailMessage, data: Data) -> list[str]:
    """Give what nobody translated in a mail: its subject, its plain text and its HTML."""
    told = untranslated_in_text(str(mail["Subject"]), data)
    for part in mail.walk():
        if part.is_attachment() or part.is_multipart():
            continue
        text = part.get_content()
        if part.get_content_type() == "text/html":
            told += untranslated_in_page(text, data)
        elif part.get_content_type() == "text/plain":
            told += untranslated_in_text(text, data)
    return told
