"""XML documents as partners send them: read element by element, within bounds, and no DOCTYPE.

Whatever declares a document type is refused at the declaration: it is where entities are made,
those that burst and those that reach for files. Names are written {address of the namespace}name.
"""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import islice
from xml.parsers import expat

from courses.harvesting.draft import NotAFeed
from courses.harvesting.reading.charsets import said_in_xml
from courses.harvesting.reading.decoding import decoded

LANGUAGE = "{http://www.w3.org/XML/1998/namespace}lang"
MOST_PARTS = 2_000
"""Elements of a record, and attributes of each; what has more is not built."""

MOST_IN_ALL = 300_000
"""Elements of a document, and stray signs that are mended."""

DEEPEST, PIECE = 100, 1 << 16
_LONG_TAG = re.compile(rb"<(?![!?])[^<>]{100000}")  # The parser would keep all its attributes.
_PAGE = re.compile(rb"<!doctype\s+html|<html[\s>]", re.IGNORECASE)
_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
_REFERENCE = re.compile(r"&(?!(?:amp|lt|gt|quot|apos|#\d{1,7}|#x[0-9a-fA-F]{1,6});)(\w{1,32};)?")
_DECLARATION = re.compile(r"\s*<\?xml\s[^<>]{0,200}\?>")
_BREAKS_OFF = frozenset(
    expat.errors.codes[message]
    for message in (
        expat.errors.XML_ERROR_NO_ELEMENTS,
        expat.errors.XML_ERROR_UNCLOSED_TOKEN,
        expat.errors.XML_ERROR_PARTIAL_CHAR,
        expat.errors.XML_ERROR_UNCLOSED_CDATA_SECTION,
    )
)


@dataclass(slots=True)
class Element:
    """An element: its name, its attributes, what it holds, and the line on which it begins."""

    name: str
    attributes: dict[str, str]
    line: int
    held: list[Element | str] = field(default_factory=list)

    @property
    def children(self) -> list[Element]:
        """The elements directly inside."""
        return [one for one in self.held if isinstance(one, Element)]

    @property
    def text(self) -> str:
        """All text inside, as it stands, without the spaces around it."""
        return "".join(one if isinstance(one, str) else one.text for one in self.held).strip()

    def under(self, *names: str) -> list[Element]:
        """Give the elements at the end of a path of names below this one."""
        found = [self]
        for name in names:
            found = [child for one in found for child in one.children if child.name == name]
        return found

    def texts(self, *names: str) -> list[str]:
        """Give the texts at the end of a path that say anything."""
        return [text for one in self.under(*names) if (text := one.text)]

    @property
    def local(self) -> str:
        """The name without its namespace."""
        return self.name.rpartition("}")[2]

    @property
    def language(self) -> str:
        """The language the element says it is written in."""
        return self.attributes.get(LANGUAGE, "").strip()


@dataclass(frozen=True, slots=True)
class Document:
    """A document that was gone through once: it can be read to its end."""

    content: bytes
    root: str
    parts: frozenset[str]
    """The names of the elements directly inside the root."""

    mended_at: int = 0
    """The line of the first fault that was mended; 0 when there was none."""

    guessed: str = ""
    """In which encoding it was taken to be, where that is not known."""

    def elements(self, *names: str) -> Iterator[Element | int]:
        """Give the elements of these names, none inside another; too large a one as its line."""
        found: list[Element | int] = []
        for _piece in _pieces(self.content, _Builder(names, found.append)):
            yield from found
            found.clear()


def document_of(content: bytes, charset: str = "") -> Document:
    """Go through a document once, and mend what programs leave in: stray signs, HTML's names.

    Raises NotAFeed.
    """
    if not content.strip():
        raise NotAFeed("empty")
    if _PAGE.search(content[:2_000]):
        raise NotAFeed("html")
    if _LONG_TAG.search(content):
        raise NotAFeed("overfull")
    try:
        return _looked_at(content)
    except expat.ExpatError as wrong:
        fault = wrong.lineno
    except (ValueError, LookupError):
        fault = 1  # An encoding that the parser does not know.
    try:
        text, guessed = decoded(content, charset, said_in_xml(content))
        return replace(_looked_at(_mended(text)), mended_at=fault, guessed=guessed)
    except expat.ExpatError as wrong:
        code = "breaks-off" if wrong.code in _BREAKS_OFF else "not-xml"
        raise NotAFeed(code, line=str(wrong.lineno)) from None


def _mended(text: str) -> bytes:
    text = _DECLARATION.sub("", text, count=1)
    if text.count("&") > MOST_IN_ALL:
        raise NotAFeed("overfull")
    return _REFERENCE.sub(_resolved, _FORBIDDEN.sub(" ", text)).strip().encode(errors="replace")


def _resolved(reference: re.Match[str]) -> str:
    sign = html.unescape(reference[0])
    return html.escape(sign if sign != reference[0] else reference[0], quote=False)


def _pieces(content: bytes, handler: _Looker | _Builder) -> Iterator[None]:
    """Parse piece by piece."""
    parser = expat.ParserCreate(namespace_separator="}")
    parser.buffer_text = parser.ordered_attributes = True
    parser.StartDoctypeDeclHandler = _refuse
    parser.StartElementHandler = lambda name, attributes: handler.start(
        _named(name), attributes, parser.CurrentLineNumber
    )
    parser.EndElementHandler = handler.end
    parser.CharacterDataHandler = handler.data
    for begin in range(0, len(content), PIECE):
        parser.Parse(content[begin : begin + PIECE], False)
        yield
    parser.Parse(b"", True)
    yield


def _refuse(*_declaration: object) -> None:
    raise NotAFeed("entities")


def _named(name: str) -> str:
    return "{" + name if "}" in name else name


def _looked_at(content: bytes) -> Document:
    looker = _Looker()
    for _piece in _pieces(content, looker):
        pass
    return Document(content, looker.root, frozenset(looker.parts))


@dataclass(slots=True)
class _Looker:
    """Looks at a document without keeping it: what its root is, and that it ends."""

    root: str = ""
    parts: set[str] = field(default_factory=set)
    depth: int = 0
    count: int = 0

    def start(self, name: str, attributes: Sequence[str], line: int) -> None:
        self.root = self.root or name
        self.depth += 1
        self.count += 1
        if self.depth > DEEPEST or self.count > MOST_IN_ALL:
            raise NotAFeed("overfull")
        if self.depth == 2 and len(self.parts) < MOST_PARTS:
            self.parts.add(name)

    def end(self, name: str) -> None:
        self.depth -= 1

    def data(self, text: str) -> None:
        pass


@dataclass(slots=True)
class _Builder:
    """Builds the elements of some names, each given away when it ends."""

    names: Sequence[str]
    give: Callable[[Element | int], None]
    open: list[Element] = field(default_factory=list)
    parts: int = 0
    depth: int = 0
    """How many elements are open inside the one that is built."""

    def start(self, name: str, attributes: Sequence[str], line: int) -> None:
        if not self.open and name not in self.names:
            return
        self.depth += 1
        self.parts += 1 if len(attributes) <= 2 * MOST_PARTS else MOST_PARTS + 1
        if self.open and self.parts > MOST_PARTS:
            return
        named = zip(map(_named, attributes[::2]), attributes[1::2], strict=True)
        element = Element(name, dict(islice(named, MOST_PARTS)), line)
        if self.open:
            self.open[-1].held.append(element)
        self.open.append(element)

    def end(self, name: str) -> None:
        if not self.open:
            return
        self.depth -= 1
        if self.parts <= MOST_PARTS and self.depth:
            self.open.pop()
        if self.depth == 0:
            whole = self.open[0]
            self.give(whole if self.parts <= MOST_PARTS else whole.line)
            self.open.clear()
            self.parts = 0

    def data(self, text: str) -> None:
        if self.open and self.parts <= MOST_PARTS:
            self.open[-1].held.append(text)
