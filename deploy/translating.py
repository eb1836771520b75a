"""The catalogues of sentences: found in the sources, carried into each language, compiled.

Run by `make translations` with the Python of .venv. What it writes depends on the sentences and
their translations alone: no dates, no line numbers, so that doing it twice equals doing it once.
"""

from __future__ import annotations

import io
import os
import sys
from collections.abc import Iterator
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import DEFAULT_KEYWORDS, extract_from_dir
from babel.messages.frontend import parse_mapping_cfg
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from installing import ROOT, say

FOLDER = ROOT / "translations"
KEYWORDS = DEFAULT_KEYWORDS | {"_l": None}
"""What marks a sentence; `_l` marks those put into words later, in the reader's language."""

NOT_OURS = (".venv", ".git", "node_modules", "var", "build")
HEAD = "# Every sentence that people meet, in English."
Id = str | tuple[str, str]


class Book(Catalog):
    """A catalogue whose head says only what does not change by itself."""

    @property
    def mime_headers(self) -> list[tuple[str, str]]:
        """Give the lines of the head: nobody's name, no date."""
        spoken = []
        if self.locale is not None:
            spoken = [("Language", str(self.locale)), ("Plural-Forms", self.plural_forms)]
        return [
            ("Project-Id-Version", "Urban Academy"),
            *spoken,
            ("MIME-Version", "1.0"),
            ("Content-Type", "text/plain; charset=utf-8"),
            ("Content-Transfer-Encoding", "8bit\n"),
        ]


def identity(message: Message) -> Id:
    """Give the English of a message: one form, or the forms of a count."""
    return message.id if isinstance(message.id, str) else (message.id[0], message.id[1])


def found() -> Catalog:
    """Look through the sources for every sentence, file by file in the order they stand there."""
    with (FOLDER / "babel.cfg").open(encoding="utf-8") as settings:
        methods, options = parse_mapping_cfg(settings)  # type: ignore[no-untyped-call]
    book = Book(header_comment=HEAD, fuzzy=False)
    places: dict[Id, set[str]] = {}
    for file, _line, sentence, _comments, _context in extract_from_dir(
        str(ROOT), methods, options, keywords=KEYWORDS, directory_filter=_is_ours
    ):
        key: Id = sentence if isinstance(sentence, str) else (sentence[0], sentence[1])
        places.setdefault(key, set()).add(Path(file).as_posix())
    # Sorting is stable: within a file the order of the sources stays.
    for sentence, files in sorted(places.items(), key=lambda one: sorted(one[1])):
        book.add(sentence, locations=[(file, 0) for file in sorted(files)])
    return book


def _is_ours(folder: str) -> bool:
    return Path(folder).name not in NOT_OURS


def read(path: Path, language: str | None = None) -> Catalog:
    """Read a catalogue; one that is not there yet is empty."""
    if not path.exists():
        return Catalog(locale=language)
    with path.open("rb") as file:
        return read_po(file, locale=language)


def carried(template: Catalog, before: Catalog, language: str) -> Catalog:
    """Give every sentence its translation of before; a changed sentence has none.

    What the sources no longer say is kept at the end: it may come back.
    """
    head = f"# The sentences of Urban Academy in {before.locale.english_name}."
    book = Book(locale=language, header_comment=head, fuzzy=False)
    known: dict[Id, Message] = {}
    for message in (*before.obsolete.values(), *before):
        if message.id and any(_forms(message)) and not message.fuzzy:
            known[identity(message)] = message
    for message in template:
        if message.id:
            old = known.pop(identity(message), None)
            string = old.string if old else _nothing(message, book)
            comments = old.user_comments if old else ()
            book.add(message.id, string, message.locations, user_comments=comments)
    if not os.environ.get("PRUNE"):
        for key, message in sorted(known.items(), key=lambda one: str(one[0])):
            book.obsolete[key] = Message(message.id, message.string)
    return book


def _nothing(message: Message, book: Catalog) -> str | tuple[str, ...]:
    return ("",) * book.num_plurals if message.pluralizable else ""


def _forms(message: Message) -> tuple[str, ...]:
    string = message.string or ""
    return (string,) if isinstance(string, str) else tuple(string)


def untranslated(book: Catalog) -> Iterator[Id]:
    """Give the sentences that lack a translation, or a form of one."""
    for message in book:
        if message.id and (message.fuzzy or not all(_forms(message))):
            yield identity(message)


def as_po(book: Catalog) -> bytes:
    """Write a catalogue as translators edit it."""
    out = io.BytesIO()
    write_po(out, book, include_lineno=False)
    return out.getvalue().rstrip() + b"\n"


def as_mo(book: Catalog) -> bytes:
    """Write a catalogue as the academy reads it."""
    plain = Book(locale=book.locale)
    for message in book:
        if message.id and all(_forms(message)) and not message.fuzzy:
            plain.add(message.id, message.string)
    out = io.BytesIO()
    write_mo(out, plain)
    return out.getvalue()


def languages() -> list[str]:
    """List the languages that have a folder of their own."""
    return sorted(path.parent.parent.name for path in FOLDER.glob("*/LC_MESSAGES/messages.po"))


def _put(path: Path, content: bytes) -> None:
    if not path.exists() or path.read_bytes() != content:
        path.write_bytes(content)


def write(language: str, template: Catalog) -> Catalog:
    """Carry the template into a language and compile it."""
    path = FOLDER / language / "LC_MESSAGES" / "messages.po"
    path.parent.mkdir(parents=True, exist_ok=True)
    book = carried(template, read(path, language), language)
    _put(path, as_po(book))
    _put(path.with_suffix(".mo"), as_mo(book))
    return book


def main() -> int:
    """Write everything anew, and say what is left to translate.

    BEGIN=pt begins a language; PRUNE=1 forgets translations of what the sources no longer say.
    """
    template = found()
    _put(FOLDER / "messages.pot", as_po(template))
    for language in sorted({*languages(), *os.environ.get("BEGIN", "").split()}):
        left = list(untranslated(write(language, template)))
        say(f"{language}: {len(template) - len(left)} of {len(template)} sentences translated")
        for sentence in left:
            say(f"  {sentence if isinstance(sentence, str) else ' | '.join(sentence)}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
