"""Modules are named after what they hold, and the project speaks of itself alone."""

from __future__ import annotations

import ast
import re

from tests.house.sources import ROOT, files, functions, name_of, python, tree

NAMELESS = frozenset(
    (
        *("utils", "util", "helpers", "helper", "common", "services", "service", "managers"),
        *("manager", "misc", "extensions", "core", "base", "tools", "stuff"),
    )
)
VAGUE = re.compile(r"_*(?:get|do|handle|process|manage)_")
HOOKS = frozenset(
    (
        *("handle_starttag", "handle_endtag", "handle_data", "handle_comment", "handle_pi"),
        *("process_bind_param", "process_result_value", "get_translations", "get_command"),
        *("handle_EHLO", "handle_MAIL", "handle_RCPT", "handle_DATA"),
    )
)
"""Names by which a library calls what we write for it."""

TEXT = frozenset((".py", ".html", ".toml", ".md", ".css", ".js", ".ini", ".cfg", ".mako", ".po"))
BESIDE = "/".join(("..", "shared"))
SPOKEN_OF_OTHERS = {
    "what stands beside the checkout": re.compile(re.escape(BESIDE) + r"|\bshared/"),
    "a path of one machine": re.compile(r"/(?:work|home|root|Users)/|/tmp/\w"),
    "a registry or a forge": re.compile(r"py" + r"pi\.org|github\.com/|gitlab\.com/|files\.python"),
    "an issue by its number": re.compile(r"(?:issue|ticket|PR|MR) #\d"),
    "something left to do": re.compile(r"\b(?:TO" + r"DO|FIX" + r"ME|XX" + r"X)\b"),
}
FROM_ELSEWHERE = ("academy/web/static/vendor/", "deploy/requirements")
"""Files that others wrote or that programs write."""

MAY_NAME = {("tests/house/test_names.py", what) for what in SPOKEN_OF_OTHERS}


def test_no_module_is_named_after_nothing() -> None:
    parts = {part for path in python() for part in (*path.relative_to(ROOT).parts[:-1], path.stem)}
    assert parts & NAMELESS == set()


def test_every_module_says_in_one_line_what_it_is() -> None:
    silent = []
    for path in python():
        told = ast.get_docstring(tree(path)) or ""
        first = told.partition("\n")[0]
        if not first.endswith((".", ":")) and not told.partition("\n\n")[0].endswith("."):
            silent.append(name_of(path))
    assert silent == []


def test_functions_are_named_after_what_they_do() -> None:
    vague = [
        f"{name_of(path)}: {name}"
        for path in python()
        for name, function in functions(path)
        if VAGUE.match(function.name) and function.name not in HOOKS
    ]
    assert vague == []


def test_the_project_speaks_of_itself_alone() -> None:
    spoken = {
        (name_of(path), what)
        for path in files()
        if path.suffix in TEXT and not name_of(path).startswith(FROM_ELSEWHERE)
        for what, words in SPOKEN_OF_OTHERS.items()
        if words.search(path.read_text(encoding="utf-8"))
    }
    assert spoken - MAY_NAME == set()


def test_the_words_looked_for_would_be_found() -> None:
    sentence = f"{BESIDE}/x, /{'home'}/x, github.{'com'}/x, issue {'#'}1, {'TO'}{'DO'}"
    found = [what for what, words in SPOKEN_OF_OTHERS.items() if words.search(sentence)]
    assert found == list(SPOKEN_OF_OTHERS)


def test_nobody_of_the_samples_could_be_real() -> None:
    mail = re.compile(r"[\w.+-]+@([\w-]+(?:\.[\w-]{2,})+)")
    hosts = {
        (name_of(path), host.lower())
        for path in files()
        if path.suffix in {".py", ".toml", ".html", ".md"}
        and not name_of(path).startswith(FROM_ELSEWHERE)
        for host in mail.findall(path.read_text(encoding="utf-8"))
        if not re.search(r"(?:^|\.)(?:example(?:\.(?:org|com|net))?|invalid|test)$", host.lower())
    }
    assert hosts == set()
