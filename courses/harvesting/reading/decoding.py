"""From bytes to text and from text to columns: encodings and delimiters as they come."""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from typing import TypeVar

from courses.harvesting.draft import Draft, Finding, NotAFeed
from courses.harvesting.reading.charsets import codec_of, may_be, proves_little
from courses.harvesting.reading.neighbours import Decoded, central, neighbour

Item = TypeVar("Item")

BYTE_ORDER_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
DELIMITERS = ",;\t|"
_MARKUP = re.compile(r"\s*<[!?a-zA-Z]")
_SAID_DELIMITER = re.compile(r"\s*sep=(.)[ \t]*\r?\n")
_ARCHIVES = (b"PK\x03\x04", b"\x1f\x8b")
_HIGH = re.compile(rb"[\x80-\xff]")
_LETTER = re.compile(rb"[A-Za-z]")
_PAIR = re.compile(rb"[\xa1-\xf7][\xa1-\xfe]")
_COMMON_PAIR = re.compile(rb"[\xb0-\xd7][\xa1-\xfe]")
SAMPLED = 100_000
"""Bytes on either side of the first that is not UTF-8, by which encodings are told apart."""
PAIRED_SHARE = 0.9
COMMON_SHARE = 0.5
MOST_WRONG = 0.05
"""Signs that cannot be read for each byte beyond ASCII, where an encoding is said."""

MOST_ACCENTS = 0.2
"""High bytes for each plain letter: 0.05 in French, more than 1 where no letter is Latin."""


def decode(content: bytes, *said: str) -> Decoded:
    """Decode a table, as `decoded` does.

    Raises NotAFeed when this is no text, or text of another kind.
    """
    table = decoded(content, *said)
    refuse_markup(table.text)
    return table


def decoded(content: bytes, *said: str) -> Decoded:
    """Decode a text: by its mark, as UTF-8, as the first that is said and fits, else as it seems.

    What seems to be GB 18030 or Windows-1252 was guessed. Raises NotAFeed when this is no text.
    """
    codecs_said = [codec for name in _trusted(said) if (codec := codec_of(name))]
    marked = any(content.startswith(mark) for mark, _ in BYTE_ORDER_MARKS)
    fitting = [codec for codec in codecs_said if not marked and may_be(codec, content)]
    wide = _in_one_of(content, fitting)
    if wide is None:
        refuse_what_is_no_text(content)
    found = Decoded(wide) if wide is not None else _decoded(content, codecs_said)
    if "\x00" in found.text:
        raise NotAFeed("binary")
    if not found.text.strip():
        raise NotAFeed("empty")
    return found


def noted(items: Iterable[Item], guessed: str) -> Iterator[Item]:
    """Note with the first record in which encoding the file was taken to be, if it was guessed."""
    for item in items:
        if guessed and isinstance(item, Draft):
            finding = Finding(item.line, "", "guessed-encoding", found=guessed)
            yield replace(item, findings=[finding, *item.findings])
            guessed = ""
        else:
            yield item


def _trusted(said: Sequence[str]) -> list[str]:
    """Put Latin-1 last: servers say so of what they were told nothing about."""
    return sorted((name for name in said if name), key=proves_little)


def _in_one_of(content: bytes, codecs_said: Iterable[str]) -> str | None:
    """Decode by the first that fits but for a few signs; those become U+FFFD."""
    for codec in codecs_said:
        text = content.decode(codec, errors="replace").removeprefix("\ufeff")
        wrong = text.count("\ufffd")
        if not wrong or wrong <= MOST_WRONG * len(_HIGH.findall(content)):
            return text
    return None


def refuse_what_is_no_text(content: bytes) -> None:
    """Refuse what is empty, an archive such as a workbook, or plainly binary.

    Raises NotAFeed.
    """
    if not content or content.isspace():
        raise NotAFeed("empty")
    if content.startswith(_ARCHIVES):
        raise NotAFeed("workbook")
    marked = any(content.startswith(mark) for mark, _ in BYTE_ORDER_MARKS)
    if not marked and b"\x00" in content[:4_096]:
        raise NotAFeed("binary")


def refuse_markup(text: str) -> None:
    """Refuse what begins as a web page or another XML document.

    Raises NotAFeed.
    """
    if _MARKUP.match(text):
        raise NotAFeed("html")


def _decoded(content: bytes, codecs_said: Sequence[str]) -> Decoded:
    for mark, encoding in BYTE_ORDER_MARKS:
        if content.startswith(mark):
            try:
                return Decoded(content.decode(encoding))
            except UnicodeDecodeError:
                raise NotAFeed("bad-encoding", encoding=encoding) from None
    try:
        return Decoded(content.decode("utf-8"))
    except UnicodeDecodeError as wrong:
        start, ends = wrong.start, wrong.end == len(content)
        breaks_off = ends and wrong.reason == "unexpected end of data"
    others = [codec for codec in codecs_said if codec != "utf-8-sig"]
    if breaks_off and not (others and content[:start].isascii()):
        raise NotAFeed("breaks-off", line=str(content.count(b"\n") + 1))
    if almost := _almost_utf_8(content):
        return Decoded(almost, "" if others != codecs_said else "UTF-8")
    known = _in_one_of(content, others)
    return _guessed(content, start) if known is None else Decoded(known)


def _guessed(content: bytes, start: int) -> Decoded:
    sample = content[max(0, start - SAMPLED) : start + SAMPLED]
    if chinese := _chinese(content, sample):
        return neighbour(content) or Decoded(chinese, "GB 18030")
    western = _western(content, sample)
    return central(content, western) or Decoded(western, "Windows-1252")


def _almost_utf_8(content: bytes) -> str | None:
    """Take a file for UTF-8 in which hardly any byte is wrong; those become U+FFFD."""
    text = content.decode("utf-8", errors="replace")
    wrong = text.count("\ufffd")
    right = len(text) - len(text.encode("ascii", errors="ignore")) - wrong
    return text if right > 10 * wrong else None


def _chinese(content: bytes, sample: bytes) -> str | None:
    """Decode GB 18030 when it is that: most high bytes come in pairs, most pairs are common.

    It decodes almost anything, so that a decoding without an error proves nothing.
    """
    high = len(_HIGH.findall(sample))
    paired, common = (2 * len(pair.findall(sample)) for pair in (_PAIR, _COMMON_PAIR))
    if paired < PAIRED_SHARE * high or common < COMMON_SHARE * high:
        return None
    try:
        return content.decode("gb18030")
    except UnicodeDecodeError:
        return None


def _western(content: bytes, sample: bytes) -> str:
    """Decode Windows-1252, which would decode anything, when plain letters prevail."""
    if len(_HIGH.findall(sample)) > MOST_ACCENTS * len(_LETTER.findall(sample)):
        raise NotAFeed("unknown-encoding")
    return content.decode("cp1252", errors="replace")


def delimiter_of(text: str) -> tuple[str, int]:
    """Find the delimiter and where the table begins.

    It is the one said in a first line "sep=;", as spreadsheets write it, else the one that parts
    the header most often, outside of quotes.
    """
    saying = _SAID_DELIMITER.match(text)
    if saying:
        return saying[1], saying.end()
    header = next((line for line in text.splitlines() if line.strip()), "")
    bare = re.sub(r'"[^"]*"', "", header)
    return max(DELIMITERS, key=bare.count), 0
