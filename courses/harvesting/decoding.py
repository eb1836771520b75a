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
_PAIR = re.compile(rb"[\xa1-\xf7][\xa1-\xfe]")
_HIGH = re.compile(rb"[\x80-\xff]")
PAIRED_SHARE = 0.9


def decode(content: bytes) -> str:
    """Decode a table: by its byte order mark, as UTF-8, as GB 18030, else as Windows-1252.

    Raises NotAFeed when this is no text, or text of another kind.
    """
    if not content.strip():
        raise NotAFeed("empty")
    if content.startswith(b"PK\x03\x04"):
        raise NotAFeed("workbook")
    text = _decoded(content)
    if "\x00" in text:
        raise NotAFeed("binary")
    if re.match(r"\s*<(!doctype|html|\?xml)", text[:200], re.IGNORECASE):
        raise NotAFeed("html")
    return text


def _decoded(content: bytes) -> str:
    for mark, encoding in BYTE_ORDER_MARKS:
        if content.startswith(mark):
            try:
                return content.decode(encoding)
            except UnicodeDecodeError:
                raise NotAFeed("bad-encoding", encoding=encoding) from None
    if b"\x00" in content[:4_096]:
        raise NotAFeed("binary")
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError as wrong:
        if wrong.end == len(content) and wrong.reason == "unexpected end of data":
            raise NotAFeed("breaks-off", line=str(content.count(b"\n") + 1)) from None
    if _looks_chinese(content):
        return content.decode("gb18030")
    return content.decode("cp1252", errors="replace")


def _looks_chinese(content: bytes) -> bool:
    """Tell GB 18030 from Windows-1252: in Chinese, high bytes come in pairs of high bytes.

    Both decode almost anything, so that a decoding without an error proves nothing.
    """
    try:
        content.decode("gb18030")
    except UnicodeDecodeError:
        return False
    high = len(_HIGH.findall(content))
    paired = 2 * len(_PAIR.findall(content))
    return high > 0 and paired / high >= PAIRED_SHARE


def delimiter_of(text: str) -> str:
    """Find the delimiter: the one that parts the header line most often, outside of quotes."""
    header = next((line for line in text.splitlines() if line.strip()), "")
    bare = re.sub(r'"[^"]*"', "", header)
    return max(DELIMITERS, key=bare.count)
