"""Pages travel without indentation, and say the same."""

from __future__ import annotations

import pytest
from jinja2 import DictLoader, Environment

from academy.web.indenting import Unindented


def rendered(source: str, name: str = "page.html", **values: object) -> str:
    blocks: dict[str, bool] = {"trim_blocks": True, "lstrip_blocks": True}
    loader = DictLoader({name: source})
    environment = Environment(loader=loader, autoescape=True, extensions=[Unindented], **blocks)  # type: ignore[arg-type]
    return environment.get_template(name).render(values)


@pytest.mark.parametrize(
    ("source", "page"),
    [
        ("<ul>\n    <li>one\n  </ul>", "<ul>\n<li>one\n</ul>"),
        ("<b>one</b>\n  {% if yes %}\n  <i>two</i>\n  {% endif %}\n", "<b>one</b>\n\n<i>two</i>\n"),
        ("{% if yes %}\n  <li>one</li>\n{% endif %}\n", "<li>one</li>\n"),
        ("{% if yes %} checked{% endif %}", " checked"),
        ("{{ word }}  {{ word }}", "a  b  a  b"),
        ("<textarea>{{ lines }}</textarea>", "<textarea>one\n  two</textarea>"),
    ],
)
def test_what_stands_at_the_beginning_of_a_line_is_left_out(source: str, page: str) -> None:
    assert rendered(source, yes=True, word="a  b", lines="one\n  two") == page


def test_words_stay_apart() -> None:
    source = "{% if yes %}<b>one</b>{% endif %}\n  <i>two</i>"
    assert rendered(source, yes=True) == "<b>one</b>\n<i>two</i>"


def test_mails_in_plain_text_keep_theirs() -> None:
    assert rendered("one\n    two", "mail.txt") == "one\n    two"
