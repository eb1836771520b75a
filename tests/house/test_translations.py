"""Every sentence people meet can be translated, and is whole."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from functools import cache

from translating import FOLDER, Id, found, identity, read

from tests.house.sources import calls, name_of, python, tree

SPOKEN_BY = {"_": 1, "_l": 1, "gettext": 1, "lazy_gettext": 1, "ngettext": 2}
"""What marks a sentence in Python, and how many forms of it are given."""

NAMES = {
    "flask_babel": {"gettext": "_", "lazy_gettext": "_l", "ngettext": "ngettext"},
    "academy.i18n": {"gettext": "_", "ngettext": "ngettext"},
}
"""Where these come from, and the one name each goes by: extraction looks for that name."""


@cache
def extracted() -> frozenset[Id]:
    """Look for every sentence, as translators do."""
    return frozenset(identity(message) for message in found() if message.id)


@cache
def written() -> frozenset[Id]:
    """Read the sentences that translators are given."""
    template = read(FOLDER / "messages.pot")
    return frozenset(identity(message) for message in template if message.id)


WRITERS = ("mails", "phrases", "notices")
"""Modules whose every sentence is for people."""


def spoken() -> Iterator[tuple[str, ast.Call]]:
    """Give every call in Python that speaks a sentence, with its place."""
    for path in python("academy", "courses"):
        for call in calls(tree(path)):
            if isinstance(call.func, ast.Name) and call.func.id in SPOKEN_BY:
                yield f"{name_of(path)}:{call.lineno}", call


def forms() -> Iterator[str]:
    """Give every form of every sentence."""
    for sentence in written():
        yield from (sentence,) if isinstance(sentence, str) else sentence


def test_translators_are_given_every_sentence_and_no_other() -> None:
    assert len(extracted()) > 200
    missing, gone = extracted() - written(), written() - extracted()
    assert (missing, gone) == (frozenset(), frozenset()), "make translations"


def test_sentences_are_written_out_where_they_are_spoken() -> None:
    made_up = {
        place
        for place, call in spoken()
        for form in call.args[: SPOKEN_BY[ast.unparse(call.func)]]
        if not (isinstance(form, ast.Constant) and isinstance(form.value, str))
    }
    assert made_up == set()


def test_every_sentence_spoken_in_python_is_found() -> None:
    heard = {
        tuple(ast.literal_eval(form) for form in call.args[: SPOKEN_BY[ast.unparse(call.func)]])
        for _place, call in spoken()
    }
    known = {(one,) if isinstance(one, str) else tuple(one) for one in extracted()}
    assert len(heard) > 100
    assert heard - known == set()


def test_no_sentence_is_put_together_from_pieces() -> None:
    glued = {
        f"{name_of(path)}:{call.lineno}"
        for path in python("academy", "courses")
        for node in ast.walk(tree(path))
        if isinstance(node, ast.BinOp | ast.FormattedValue)
        for call in ast.iter_child_nodes(node)
        if isinstance(call, ast.Call)
        and isinstance(call.func, ast.Name)
        and call.func.id in SPOKEN_BY
    }
    assert glued == set()


def test_marks_go_by_the_names_that_are_looked_for() -> None:
    odd = {
        f"{name_of(path)}: {alias.name} as {alias.asname or alias.name}"
        for path in python("academy", "courses")
        for node in ast.walk(tree(path))
        if isinstance(node, ast.ImportFrom) and node.module in NAMES
        for alias in node.names
        if alias.name in SPOKEN_BY
        and (alias.asname or alias.name) != NAMES[node.module or ""].get(alias.name)
    }
    assert odd == set()


def test_what_is_filled_in_has_a_name() -> None:
    nameless = {form for form in forms() if re.search(r"%(?![(%])", form.replace("%%", ""))}
    assert nameless == set()


def test_both_forms_of_a_count_are_filled_alike() -> None:
    names = re.compile(r"%\((\w+)\)")
    uneven = {
        sentence
        for sentence in written()
        if not isinstance(sentence, str)
        and len({frozenset(names.findall(s)) for s in sentence}) > 1
    }
    assert uneven == set()


def test_no_sentence_begins_or_ends_with_a_space() -> None:
    apart = {form for form in forms() if form != form.strip()}
    assert apart == {", "}


def test_what_writes_mails_and_phrases_says_nothing_unmarked() -> None:
    speaking = [path for path in python("academy", "courses") if path.stem in WRITERS]
    assert len(speaking) > 4
    unmarked = {
        f"{name_of(path)}: {said}"
        for path in speaking
        for said in _said_aloud(tree(path))
        if " " in said.strip()
    }
    assert unmarked == set()


def _said_aloud(node: ast.AST) -> Iterator[str]:
    """Give every string that is neither marked nor a docstring."""
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.Expr) and isinstance(child.value, ast.Constant):
            continue
        if isinstance(child, ast.Call) and ast.unparse(child.func) in SPOKEN_BY:
            for keyword in child.keywords:
                yield from _said_aloud(keyword)
        elif isinstance(child, ast.Constant) and isinstance(child.value, str):
            yield child.value
        else:
            yield from _said_aloud(child)
