"""The 40 past failures of systems like this one: each has its test, or no way in yet."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from tests.house.failures import ANSWERED, NOT_YET
from tests.house.sources import calls, files, functions, name_of, python, tree

ASKS = {
    *("urllib.request", "urllib3", "http.client", "httpx", "requests", "aiohttp", "socket"),
    *("ftplib", "smtplib", "feedparser", "websockets", "asyncio"),
}
MAY_ASK = {
    ("academy/notices/transports.py", "smtplib"),
    *(("academy/outbound/connecting.py", "socket"), ("academy/outbound/wire.py", "socket")),
    ("academy/outbound/exchange.py", "http.client"),
    ("academy/starting.py", "http.client"),
    ("academy/starting.py", "socket"),
    ("academy/supervisor.py", "socket"),
    ("courses/harvesting/formats/entries.py", "feedparser"),
}
"""The mail server of the settings, the academy itself, and the one guarded door for addresses
that people name; feedparser is given what was fetched, as bytes, and never an address.
"""

READS = {
    *("PIL", "cv2", "imageio", "wand", "cairosvg", "reportlab", "weasyprint", "fitz", "pypdf"),
    *("docx", "pptx", "pypandoc", "markdown", "mistune", "markdown_it", "latex"),
}
UNPACKS = {"tarfile", "pickle", "marshal", "shelve", "yaml", "dill", "joblib"}
RUNS = {"eval", "exec", "compile", "render_template_string", "from_string", "Template"}
TRUSTS = re.compile(r"\|\s*safe\b|Markup\(|innerHTML|outerHTML|insertAdjacentHTML|document\.write")


def imports() -> Iterator[tuple[str, str]]:
    """Give every module that the project's own modules import."""
    for path in python("academy", "courses"):
        for node in ast.walk(tree(path)):
            if isinstance(node, ast.Import):
                yield from ((name_of(path), one.name) for one in node.names)
            elif isinstance(node, ast.ImportFrom) and node.module:
                yield name_of(path), node.module
                yield from ((name_of(path), f"{node.module}.{one.name}") for one in node.names)


def imported(names: set[str]) -> set[tuple[str, str]]:
    """Give who imports one of these modules, or something of it."""
    return {
        (where, name)
        for where, found in imports()
        for name in names
        if found == name or found.startswith(f"{name}.")
    }


def test_every_number_has_its_tests_or_its_reason() -> None:
    assert sorted([*ANSWERED, *NOT_YET]) == list(range(1, 41))
    there = {name.rpartition(".")[2] for path in python("tests") for name, _body in functions(path)}
    named = {name for names in ANSWERED.values() for name in names}
    named |= {guard for _why, guard in NOT_YET.values()}
    assert named - there == set()


def test_a_test_that_bears_a_number_is_listed() -> None:
    bears = re.compile(r"test_(?:failure_)?(\d+)_(?:and_(\d+)_)?")
    numbers = {
        int(number)
        for path in python("tests")
        for name, _body in functions(path)
        if (found := bears.match(name))
        for number in found.groups()
        if number
    }
    assert len(numbers) > 10
    assert numbers - ANSWERED.keys() == set()


def test_nothing_asks_other_servers() -> None:
    assert imported(ASKS) == MAY_ASK


def test_pictures_and_papers_are_not_read() -> None:
    assert imported(READS) == set()


def test_what_could_run_when_it_is_unpacked_is_not_unpacked() -> None:
    assert imported(UNPACKS) == set()


def test_no_text_is_taken_for_a_program() -> None:
    found = {
        f"{name_of(path)}:{call.lineno}"
        for path in python("academy", "courses")
        for call in calls(tree(path))
        if ast.unparse(call.func).rpartition(".")[2] in RUNS
        and ast.unparse(call.func) != "re.compile"
    }
    assert found == set()


def test_markup_is_trusted_where_it_was_just_cleaned_or_is_our_own_sentence() -> None:
    own = [
        path
        for path in files()
        if path.suffix in {".py", ".html", ".js"}
        and name_of(path).startswith(("academy/", "courses/"))
        and "vendor" not in path.parts
        and not path.name.startswith("htmx")
    ]
    found = {
        (name_of(path), line.strip())
        for path in own
        for line in path.read_text(encoding="utf-8").splitlines()
        if TRUSTS.search(line)
    }
    trusted = dict(found)
    assert sorted(where for where, _line in found) == sorted(trusted)
    assert "Markup(clean_html(" in trusted.pop("courses/web/offers.py")
    assert "Markup(said)" in trusted.pop("academy/web/rendering.py")
    assert trusted == {}
