"""Every endpoint wears exactly one label that says whom it lets in."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask

from academy import create_app
from academy.access import PUBLIC, SECTION_STEWARD, SIGNED_IN, STEWARD, ForRoles
from tests.house.sources import functions, name_of, python
from tests.making import settings_for

LABELS = {
    "public": PUBLIC,
    "signed_in": SIGNED_IN,
    "steward": STEWARD,
    "section_steward": SECTION_STEWARD,
    "for_roles": ForRoles,
}
ROUTES = frozenset(("route", "get", "post", "put", "patch", "delete"))
WITHOUT_A_LABEL = {"static"}
"""Flask's own view of files; academy.access lets everybody read them."""

WITHOUT_A_LANGUAGE = {"/", "/bridges/moochub/courses", "/healthz", "/readyz"}
"""Pages and files for people or their programs that are the same in every language."""

ANYBODY_MAY_CHANGE = {
    "accounts.ask_for_link_post",
    "accounts.code_post",
    "accounts.confirm_new_address_post",
    "accounts.confirm_old_address_post",
    "accounts.confirm_post",
    "accounts.forgotten_post",
    "accounts.reset_post",
    "accounts.sign_in_by_link_post",
    "accounts.sign_in_post",
    "accounts.sign_up_post",
    "accounts.sign_out",
    "api_messages.message",
    "courses.concern_post",
    "courses.progress_by_mail_post",
    "courses.review_by_mail_post",
    "courses.withdraw_by_mail_post",
    "notices.subscribe_post",
    "notices.unsubscribe_post",
}
"""What takes a form from people who have not signed in."""


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> Flask:
    """An academy of which only the addresses are looked at."""
    return create_app(settings_for(tmp_path_factory.mktemp("labels")))


def views() -> Iterator[tuple[str, list[str]]]:
    """Give every function that is put on an address, with its decorators from the top."""
    for path in python("academy", "courses"):
        for name, function in functions(path):
            wears = [ast.unparse(one).partition("(")[0] for one in function.decorator_list]
            if any("." in one and one.rpartition(".")[2] in ROUTES for one in wears):
                yield f"{name_of(path)}: {name}", wears


def test_every_view_wears_one_label_right_below_its_address() -> None:
    found = dict(views())
    assert len(found) > 20
    wrong = {
        name: wears
        for name, wears in found.items()
        if wears[1] not in LABELS or len(LABELS.keys() & set(wears)) != 1
    }
    assert wrong == {}


def test_every_endpoint_has_a_label_that_is_known(app: Flask) -> None:
    worn = {name: getattr(view, "access", None) for name, view in app.view_functions.items()}
    known = {*LABELS.values(), *(label for label in worn.values() if isinstance(label, ForRoles))}
    unknown = {name for name, label in worn.items() if label not in known}
    assert unknown == WITHOUT_A_LABEL


def test_every_address_asks_or_changes_never_both(app: Flask) -> None:
    kinds = {
        rule.endpoint: (rule.methods or set()) - {"HEAD", "OPTIONS"}
        for rule in app.url_map.iter_rules()
    }
    assert {name: kind for name, kind in kinds.items() if len(kind) != 1} == {}


def test_what_anybody_may_change_is_written_down(app: Flask) -> None:
    changing = {
        rule.endpoint for rule in app.url_map.iter_rules() if "GET" not in (rule.methods or ())
    }
    open_to_all = {
        name for name in changing if getattr(app.view_functions[name], "access", None) == PUBLIC
    }
    assert open_to_all == ANYBODY_MAY_CHANGE


def test_every_page_has_its_language_in_its_address(app: Flask) -> None:
    elsewhere = ("/static/", "/api/", "/<language:lang>/")
    bare = {rule.rule for rule in app.url_map.iter_rules() if not rule.rule.startswith(elsewhere)}
    assert bare == WITHOUT_A_LANGUAGE


def test_no_address_counts_what_there_is(app: Flask) -> None:
    counted = [rule.rule for rule in app.url_map.iter_rules() if "<int:" in rule.rule]
    assert counted == []


def test_the_platform_runs_without_the_domain(tmp_path: Path) -> None:
    alone = create_app(settings_for(tmp_path), features=())
    assert {rule.endpoint.partition(".")[0] for rule in alone.url_map.iter_rules()} == {
        *(
            "accounts",
            "health",
            "institutions",
            "notices",
            "privacy",
            "secretariat",
            "site",
            "static",
        ),
    }
