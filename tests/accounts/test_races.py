"""Many who try the same secret at the same instant: one of them succeeds."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

from flask import Flask

from tests.browsing import Browser
from tests.letters import code_in, letter, way_in

FORGOTTEN, LINK, CODE = "/en/password/forgotten", "/en/sign-in/link", "/en/sign-in/code"
ANA = "ana@example.org"


def at_once(times: int, act: Callable[[int], int]) -> list[int]:
    """Let so many threads begin an act at the same instant; gives what came of it, in order."""
    ready = Barrier(times)

    def begin(number: int) -> int:
        ready.wait()
        return act(number)

    with ThreadPoolExecutor(times) as pool:
        return sorted(pool.map(begin, range(times)))


def test_failure_33_of_sixteen_who_use_one_link_at_once_one_succeeds(place: Flask) -> None:
    browsers = [Browser(place) for _number in range(16)]
    browsers[0].send(FORGOTTEN, {"email": ANA})
    way = way_in(letter(place, "reset-password", ANA))
    tokens = [browser.token(way) for browser in browsers]

    def reset(number: int) -> int:
        fields = {"csrf_token": tokens[number], "password": f"the words of number {number}"}
        return browsers[number].post(way, fields).status_code

    assert at_once(16, reset) == [303] + [410] * 15
    fitting = [
        Browser(place).sign_in(ANA, f"the words of number {number}").status_code
        for number in range(16)
    ]
    assert sorted(fitting) == [303] + [422] * 15


def test_failure_33_of_sixteen_who_type_one_code_at_once_one_succeeds(place: Flask) -> None:
    browsers = [Browser(place) for _number in range(16)]
    browsers[0].send(LINK, {"email": ANA})
    code = code_in(letter(place, "sign-in-link", ANA))
    spellings = (code, code.replace(" ", ""), f" {code} ", " ".join(code))
    tokens = [browser.token(CODE) for browser in browsers]

    def come_in(number: int) -> int:
        fields = {"csrf_token": tokens[number], "email": ANA, "code": spellings[number % 4]}
        return browsers[number].post(CODE, fields).status_code

    assert at_once(16, come_in) == [303] + [422] * 15
