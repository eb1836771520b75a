"""The courses that a partner publishes, whatever the format."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

PAGE_SIZE = 2


@dataclass(frozen=True)
class Courses:
    """What is published: names, and the titles of those that are not called "About <name>"."""

    names: Sequence[str]
    titles: Mapping[str, str] = field(default_factory=dict)
    bad: bool = False
    """Whether a record that cannot be used stands among them."""

    page_size: int = PAGE_SIZE

    def title(self, name: str) -> str:
        return self.titles.get(name, f"About {name}")


def link(name: str) -> str:
    return f"https://school.example/{name}"


def parts_of(things: Sequence[Any], courses: Courses) -> list[list[Any]]:
    """Deal things out to pages."""
    size = courses.page_size
    return [list(things[at : at + size]) for at in range(0, len(things), size)]
