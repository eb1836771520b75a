"""Who may ask what: the table in docs/permissions.toml, what it means, and its page for people."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache

from academy.access import API, PUBLIC, SECTION_STEWARD, SIGNED_IN, STEWARD, ForRoles
from academy.institutions import rules
from tests.house.sources import ROOT

TABLE, PAGE = ROOT / "docs" / "permissions.toml", ROOT / "docs" / "permissions.md"

PRINCIPALS = (
    *("visitor", "learner", "reporter", "facilitator", "editor", "owner", "owner elsewhere"),
    *("steward of the section", "steward of another section", "steward of all"),
)
NOBODY: frozenset[str] = frozenset()
PEOPLE = frozenset(PRINCIPALS) - {"visitor"}
STEWARDS = frozenset(one for one in PRINCIPALS if one.startswith("steward"))
ITS_STEWARDS = STEWARDS - {"steward of another section"}


@dataclass(frozen=True, slots=True)
class Word:
    """A word of the table: the label in the code, whom it lets in, and what that means."""

    label: str | ForRoles
    lets_in: frozenset[str]
    meaning: str
    by_thing: bool = False
    """Whether the thing in the address decides, after the label: others do not find it."""


def _work(*roles: str) -> frozenset[str]:
    return frozenset(roles) | ITS_STEWARDS


WORDS = {
    "everybody": Word(PUBLIC, frozenset(PRINCIPALS), "everybody, signed in or not"),
    "holders": Word(PUBLIC, NOBODY, "who holds the link that was mailed", by_thing=True),
    "signers": Word(
        PUBLIC, NOBODY, "programs that sign with the secret of the source", by_thing=True
    ),
    "signed in": Word(SIGNED_IN, PEOPLE, "everybody with an account, for their own things"),
    "own": Word(SIGNED_IN, frozenset({"learner"}), "whose thing it is", by_thing=True),
    "signed-in holders": Word(
        SIGNED_IN, NOBODY, "who is signed in and holds the link that was mailed", by_thing=True
    ),
    "who works there": Word(
        ForRoles(rules.EVERYBODY),
        _work("reporter", "facilitator", "editor", "owner"),
        "who works for the institution in any role, and its stewards",
    ),
    "facilitators": Word(
        ForRoles(rules.FACILITATORS),
        _work("facilitator", "editor", "owner"),
        "facilitators, editors and owners of the institution, and its stewards",
    ),
    "editors": Word(
        ForRoles(rules.EDITORS),
        _work("editor", "owner"),
        "editors and owners of the institution, and its stewards",
    ),
    "owners": Word(
        ForRoles(rules.OWNERS), _work("owner"), "owners of the institution, and its stewards"
    ),
    "stewards of the institution": Word(
        ForRoles(rules.STEWARDS_ALONE),
        ITS_STEWARDS,
        "stewards of all, and of the section the institution belongs to",
    ),
    "stewards": Word(
        SECTION_STEWARD, STEWARDS, "every steward; those of a section find what is theirs"
    ),
    "stewards of the thing": Word(
        SECTION_STEWARD,
        ITS_STEWARDS,
        "stewards of all, and of the section the thing belongs to",
        by_thing=True,
    ),
    "stewards of all": Word(STEWARD, frozenset({"steward of all"}), "stewards of all"),
}


@dataclass(frozen=True, slots=True)
class Entry:
    """A line of the table: one method of one address, its word, and the scope of its token."""

    method: str
    rule: str
    name: str
    scope: str | None

    @property
    def word(self) -> Word:
        """What the line's word means."""
        return WORDS[self.name]

    @property
    def is_api(self) -> bool:
        """Whether programs ask it, with a token."""
        return self.rule.startswith(API)

    def answer(self, principal: str, door: str) -> str:
        """Tell how a request is met: `in`, `sign-in`, `401`, `403`, or `lost` (not found)."""
        word, known = self.word, principal != "visitor" and (door != "cookie") == self.is_api
        if word.label == PUBLIC:
            return "lost" if word.by_thing else "in"
        if not known:
            return "401" if self.is_api else "sign-in"
        if door == "token without scopes":
            return "403"
        if principal in word.lets_in:
            return "in"
        may_enter = word.label != SECTION_STEWARD or principal in STEWARDS
        return "lost" if word.by_thing and may_enter else "403"


@cache
def entries() -> tuple[Entry, ...]:
    """Read the table."""
    told = tomllib.loads(TABLE.read_text(encoding="utf-8"))
    return tuple(_entry(name, line) for name, lines in told.items() for line in lines)


def _entry(name: str, line: str) -> Entry:
    method, rule, *scope = line.split()
    return Entry(method, rule, name, scope[0] if scope else None)


def page() -> str:
    """Write the table for people."""
    parts = [OPENING]
    parts += [
        f"| {name} | {word.meaning} |"
        + "".join(" ● |" if one in word.lets_in else " |" for one in PRINCIPALS)
        for name, word in WORDS.items()
    ]
    for name, word in WORDS.items():
        lines = [one for one in entries() if one.name == name]
        parts += [f"\n## {name[0].upper()}{name[1:]}\n", f"Lets in {word.meaning}.\n"]
        parts += [_line(one) for one in lines]
    return "\n".join(parts) + "\n"


def _line(entry: Entry) -> str:
    address = entry.rule.replace("<language:lang>", "en")
    scope = f", with a token good for {entry.scope}" if entry.scope else ""
    return f"- {entry.method} `{address}`{scope}"


OPENING = """# Every address, and whom it lets in

Made of [permissions.toml](permissions.toml) by `.venv/bin/python -m tests.house.permissions`; the
tests ask each address by each method as each of these people, by cookie and by token, and compare
what is answered. How it is decided is told in [authorization.md](authorization.md).

A page knows people by the cookie of their session alone, and asks others to sign in (303). An
address of the API knows them by their token alone: 401 without one, 403 with one that lacks the
scope. Who is known and not let in reads 403; where the thing in the address decides, others do not
find it (404).

"Owner elsewhere" owns another institution than that of the address; stewards of a section are
those of the institution's section, or of another one. ● is let in.

"""
OPENING += "| Word | Lets in | " + " | ".join(PRINCIPALS) + " |\n"
OPENING += "|---|---|" + "---|" * len(PRINCIPALS)


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
