"""Every pattern of the project reads a long hostile text at once: none goes back over it."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from time import process_time

import pytest

from tests.house.sources import calls, name_of, python, tree

LENGTH = 100_000
SHORT = 2_000
"""How long a text is searched through; a search begins anew at every character."""

LONGEST = 2.0
"""Seconds of work; what takes the square of the length takes minutes."""

TEXTS = ("a", "<", "(", " ", "0", "-", "a@", "a.")
READS = ("compile", "search", "match", "fullmatch", "sub", "split", "findall", "finditer")


def patterns() -> Iterator[tuple[str, str]]:
    """Give every pattern that is written out, and where."""
    for path in python("academy", "courses"):
        for call in calls(tree(path)):
            if ast.unparse(call.func) not in {f"re.{name}" for name in READS} or not call.args:
                continue
            written = call.args[0]
            if isinstance(written, ast.Constant) and isinstance(written.value, str):
                yield f"{name_of(path)}:{call.lineno}", written.value


WRITTEN = dict(patterns())


def test_the_patterns_are_found() -> None:
    assert len(WRITTEN) > 20


@pytest.mark.parametrize("where", WRITTEN)
def test_a_pattern_reads_a_long_text_at_once(where: str) -> None:
    pattern = re.compile(WRITTEN[where], re.IGNORECASE)
    for text in TEXTS:
        long = text * (LENGTH // len(text)) + "!"
        began = process_time()
        pattern.match(long)
        pattern.search(long[-SHORT:])
        pattern.fullmatch(long)
        assert process_time() - began < LONGEST, (where, text)
