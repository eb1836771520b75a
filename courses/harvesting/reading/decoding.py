"""From bytes to text and from text to columns: encodings and delimiters as they come."""

from __future__ import annotations

import codecs
import re

from courses.harvesting.draft import NotAFeed

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
MOST_ACCENTS = 0.2
"""High bytes for each plain letter: 0.05 in French, more than 1 where no letter is Latin."""


def decode(content: bytes) -> str:
    """Decode a table, as `text_of` does.

    Raises NotAFeed when this is no text, or text of another kind.
    """
    text = text_of(content)
    refuse_markup(text)
    return text


def text_of(content: bytes) -> str:
    """Decode a text: by its byte order mark, as UTF-8, as GB 18030, else as Windows-1252.

    Raises NotAFeed when this is no text.
    """
    refuse_what_is_no_text(content)
    text = _decoded(content)
    if "\x00" in text:
        raise NotAFeed("binary")
    if not text.strip():
        raise NotAFeed("empty")
    return text


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


def _decoded(content: bytes) -> str:
    for mark, encoding in BYTE_ORDER_MARKS:
        if content.startswith(mark):
            try:
                return content.decode(encoding)
            except UnicodeDecodeError:
                raise NotAFeed("bad-encoding", encoding=encoding) from None
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError as wrong:
        if wrong.end == len(content) and wrong.reason == "unexpected end of data":
            raise NotAFeed("breaks-off", line=str(content.count(b"\n") + 1)) from None
        sample = content[max(0, wrong.start - SAMPLED) : wrong.start + SAMPLED]
    return _almost_utf_8(content) or _chinese(content, sample) or _western(content, sample)


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
