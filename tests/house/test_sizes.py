"""Nothing is longer than what can be read at once."""

from __future__ import annotations

from tests.house.sources import ROOT, Function, files, functions, name_of, python

LONGEST_FILE, LONGEST_FUNCTION, LONGEST_TEMPLATE, MOST_ARGUMENTS = 250, 30, 80, 5

LONGER: dict[str, str] = {}
"""Files and functions that may be longer, each with its reason."""

WITH_MORE_ARGUMENTS: dict[str, str] = {}
"""Functions that may take more, each with its reason."""


def lines(path_name: str) -> int:
    """Count the lines of a file."""
    return len((ROOT / path_name).read_text(encoding="utf-8").splitlines())


def span(function: Function) -> int:
    """Count the lines of a function from its `def` on: decorators are not counted."""
    return (function.end_lineno or function.lineno) - function.lineno + 1


def arguments(function: Function) -> int:
    """Count what a caller has to know: the receiver and what has a default are not counted."""
    told = function.args
    positional = [one.arg for one in (*told.posonlyargs, *told.args)]
    required = len(positional) - len(told.defaults) - (positional[:1] in (["self"], ["cls"]))
    return required + sum(default is None for default in told.kw_defaults)


def test_no_file_is_too_long() -> None:
    counted = {name_of(path): lines(name_of(path)) for path in python()}
    assert len(counted) > 100
    long = {name: count for name, count in counted.items() if count > LONGEST_FILE}
    assert {name: count for name, count in long.items() if name not in LONGER} == {}


def test_no_function_is_too_long() -> None:
    long = {
        f"{name_of(path)}: {name}": span(function)
        for path in python()
        for name, function in functions(path)
        if span(function) > LONGEST_FUNCTION
    }
    assert {name: count for name, count in long.items() if name not in LONGER} == {}


def test_no_function_takes_too_much() -> None:
    taking = {
        f"{name_of(path)}: {name}": arguments(function)
        for path in python("academy", "courses", "deploy")
        for name, function in functions(path)
        if arguments(function) > MOST_ARGUMENTS
    }
    assert {name: n for name, n in taking.items() if name not in WITH_MORE_ARGUMENTS} == {}


def test_no_template_is_too_long() -> None:
    counted = {name_of(path): lines(name_of(path)) for path in files() if path.suffix == ".html"}
    assert len(counted) > 20
    assert {name: count for name, count in counted.items() if count > LONGEST_TEMPLATE} == {}


def test_exceptions_are_few_and_still_needed() -> None:
    known = {name_of(path) for path in files()}
    known |= {f"{name_of(path)}: {name}" for path in python() for name, _ in functions(path)}
    assert len(LONGER) + len(WITH_MORE_ARGUMENTS) <= 6
    assert (LONGER.keys() | WITH_MORE_ARGUMENTS.keys()) - known == set()
