"""Templates hold no words of their own: what people read is marked for translation."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path

from jinja2 import Environment, nodes

from tests.house.sources import files, name_of

SHOWN = frozenset(
    (
        *("alt", "title", "placeholder", "label", "summary", "aria-label", "aria-description"),
        *("aria-roledescription", "aria-valuetext"),
    )
)
BUTTONS = frozenset(("submit", "button", "reset"))
LETTERS = re.compile(r"[^\W\d_]")
SENTENCE = re.compile(r"^[^\W\d_][^\W_]*(?: \S+)+$|^[A-Z][a-z]")
MARKS = frozenset(("_", "gettext", "ngettext"))
FILLED = "\ue000"
"""Stands for what is filled in: a character that is no letter."""

CODE = re.compile(r"[a-z][\w-]*(?: [a-z][\w-]*)*$|HX-")
"""Names of classes, fields and headers; people never read them."""

ATTRIBUTES = re.compile(r'(?:[a-z-]+="[^"]*"\s*|required\s*)+')
"""What a macro gives to be put into a tag."""

jinja = Environment(extensions=["jinja2.ext.i18n"], autoescape=True)


def templates() -> list[Path]:
    """List every template."""
    return [path for path in files() if path.suffix == ".html" and "templates" in path.parts]


def bare(source: str) -> str:
    """Give the markup of a template, with a mark where something is filled in."""
    parts: list[str] = []
    inside = 0
    for _line, kind, value in jinja.lex(source):
        if kind == "data" and not inside:
            parts.append(value)
        elif kind == "variable_begin":
            parts.append(FILLED)
        inside += kind in {"variable_begin", "block_begin", "comment_begin"}
        inside -= kind in {"variable_end", "block_end", "comment_end"}
    return "".join(parts)


class Words(HTMLParser):
    """Collects what people would read of a page."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.found: list[str] = []
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        named = {name: value or "" for name, value in attrs}
        told = [value for name, value in named.items() if name in SHOWN]
        if tag == "input" and named.get("type") in BUTTONS:
            told.append(named.get("value", ""))
        if named.get("name") == "description" or named.get("property", "").startswith("og:"):
            told.append(named.get("content", ""))
        self.found += [text.strip() for text in told if LETTERS.search(text)]

    def handle_data(self, data: str) -> None:
        if LETTERS.search(data) and not ATTRIBUTES.fullmatch(data.strip()):
            self.found.append(data.strip())


def unmarked(source: str) -> Iterator[str]:
    """Give the words inside expressions that look like a sentence and are not marked."""
    parsed = jinja.parse(source)
    marked = {
        id(constant)
        for call in parsed.find_all(nodes.Call)
        if isinstance(call.node, nodes.Name) and call.node.name in MARKS
        for constant in call.find_all(nodes.Const)
    }
    for constant in parsed.find_all(nodes.Const):
        text = constant.value
        if not isinstance(text, str) or id(constant) in marked or CODE.match(text):
            continue
        if SENTENCE.search(text):
            yield text


def test_templates_hold_no_bare_words() -> None:
    found = {
        name_of(path): Words(bare(path.read_text(encoding="utf-8"))).found for path in templates()
    }
    assert len(found) > 20
    assert {name: words for name, words in found.items() if words} == {}


def test_expressions_hold_no_unmarked_sentences() -> None:
    found = {
        name_of(path): list(unmarked(path.read_text(encoding="utf-8"))) for path in templates()
    }
    assert {name: words for name, words in found.items() if words} == {}


def is_mark(node: nodes.Node) -> bool:
    """Whether this speaks a sentence."""
    return (
        isinstance(node, nodes.Call)
        and isinstance(node.node, nodes.Name)
        and node.node.name in MARKS
    )


def test_sentences_of_templates_are_written_out_where_they_are_spoken() -> None:
    made_up = [
        f"{name_of(path)}:{call.lineno}"
        for path in templates()
        for call in jinja.parse(path.read_text(encoding="utf-8")).find_all(nodes.Call)
        if is_mark(call)
        for form in call.args[: 2 if call.node == nodes.Name("ngettext", "load") else 1]
        if not isinstance(form, nodes.Const)
    ]
    assert made_up == []


def test_no_sentence_of_a_template_is_put_together_from_pieces() -> None:
    glued = []
    for path in templates():
        parsed = jinja.parse(path.read_text(encoding="utf-8"))
        joints: list[tuple[nodes.Expr, list[nodes.Expr]]]
        joints = [(one, one.nodes) for one in parsed.find_all(nodes.Concat)]
        joints += [(one, [one.left, one.right]) for one in parsed.find_all(nodes.Add)]
        glued += [
            f"{name_of(path)}:{one.lineno}" for one, parts in joints if any(map(is_mark, parts))
        ]
    assert glued == []


def test_bare_words_would_be_found() -> None:
    sample = (
        '{% if x %}<p title="Two">One {{ _("fine") }}</p>{% endif %}<b class="No">×</b>'
        '<input type="submit" value="Three"><input value="no">{# no #}<img alt="{{ x }} 1">'
    )
    assert Words(bare(sample)).found == ["Two", f"One {FILLED}", "Three"]
    expressions = '{{ button("Go there now") }}{{ "btn btn--line" }}{{ _("fine words") }}{{ "Go" }}'
    assert list(unmarked(expressions)) == ["Go there now", "Go"]
