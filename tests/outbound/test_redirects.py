"""What follows a redirect, and what does not."""

from __future__ import annotations

import pytest

from academy.outbound import NotAllowed, Request, Why
from tests.outbound.answering import (
    AGENT,
    ELSEWHERE,
    PUBLIC,
    Net,
    Reply,
    door,
    hosting,
    leading,
    of_paths,
    saying,
)

SECRET = "Bearer s3cr3t-of-the-partner"


def chain(length: int) -> dict[str, Reply]:
    ways = {f"/{n}": leading(f"/{n - 1}") for n in range(1, length + 1)}
    return ways | {"/0": saying(b"there")}


def test_five_redirects_are_followed() -> None:
    with hosting(of_paths(chain(5))) as host:
        answer = door(host).fetch(Request(f"{host.url}/5"))
    assert (answer.content, answer.address) == (b"there", f"{host.url}/0")
    assert len(host.asked) == 6


def test_six_redirects_are_too_many() -> None:
    with hosting(of_paths(chain(6))) as host, pytest.raises(NotAllowed) as refusal:
        door(host).fetch(Request(f"{host.url}/6"))
    assert refusal.value.code is Why.REDIRECTS
    assert len(host.asked) == 6


def test_a_circle_ends() -> None:
    with hosting(leading("/")) as host, pytest.raises(NotAllowed) as refusal:
        door(host).fetch(Request(host.url))
    assert refusal.value.code is Why.REDIRECTS


def test_a_redirect_that_leads_nowhere_is_an_answer() -> None:
    with hosting(saying(b"?", "302 Found")) as host:
        assert door(host).fetch(Request(host.url)).status == 302


def test_credentials_go_to_their_host_on_every_path() -> None:
    ways = {"/": leading("/feed"), "/feed": saying(b"feed")}
    with hosting(of_paths(ways)) as host:
        door(host).fetch(Request(host.url, credentials=SECRET))
    assert [host.header("authorization", n) for n in range(2)] == [SECRET, SECRET]


def test_credentials_do_not_follow_to_another_host() -> None:
    with hosting(saying(b"feed")) as other, hosting(leading(other.url)) as host:
        headers = {"X-Key": SECRET, "Accept": "text/csv"}
        door(host, other).fetch(Request(host.url, credentials=SECRET, headers=headers))
    assert (host.header("authorization"), host.header("x-key")) == (SECRET, SECRET)
    assert SECRET not in other.asked[0]
    assert (other.header("accept"), other.header("user-agent")) == ("text/csv", AGENT)


def test_credentials_do_not_come_back_by_another_host() -> None:
    net = Net({"a.example.org": [[PUBLIC]], "b.example.org": [[ELSEWHERE]]})
    there = {"/": leading("http://b.example.org/"), "/back": saying(b"feed")}
    with (
        hosting(of_paths(there)) as host,
        hosting(leading("http://a.example.org/back")) as other,
    ):
        net.hosts |= {PUBLIC: host, ELSEWHERE: other}
        net.door().fetch(Request("http://a.example.org/", credentials=SECRET))
    assert [host.header("authorization", n) for n in range(2)] == [SECRET, None]
    assert other.header("authorization") is None


def test_credentials_follow_to_the_secure_side_of_their_host_and_not_down() -> None:
    with hosting(saying(b"feed"), secure=True) as secure, hosting(saying(b"feed")) as plain:
        net = Net({"feeds.example.org": [[PUBLIC], [ELSEWHERE]]})
        net.hosts |= {PUBLIC: plain, ELSEWHERE: secure}
        plain.reply, secure.reply = leading("https://feeds.example.org/"), saying(b"feed")
        outbound = net.door()
        outbound.fetch(Request("http://feeds.example.org/", credentials=SECRET))
        assert secure.header("authorization") == SECRET

        net.names["feeds.example.org"] = [[ELSEWHERE], [PUBLIC]]
        plain.reply, secure.reply = saying(b"feed"), leading("http://feeds.example.org/open")
        answer = outbound.fetch(Request("https://feeds.example.org/", credentials=SECRET))
    assert answer.address == "http://feeds.example.org/open"
    assert plain.header("authorization") is None


def test_what_is_posted_is_not_led_elsewhere() -> None:
    reply = leading("/elsewhere", "307 Temporary Redirect")
    with hosting(reply) as host, pytest.raises(NotAllowed) as refusal:
        door(host).fetch(Request(host.url, "POST", content=b"token=x"))
    assert refusal.value.code is Why.REDIRECTED
    assert len(host.asked) == 1


ARGUMENTS = {"token": "s3cr3t+of/theirs"}
SENT = "token=s3cr3t%2Bof%2Ftheirs"


def test_secret_arguments_go_to_their_host_and_not_into_what_is_told() -> None:
    ways = {
        f"/feed?page=1&{SENT}": leading(f"/more?{SENT}&page=2"),
        f"/more?page=2&{SENT}": saying(b"feed"),
    }
    with hosting(of_paths(ways)) as host:
        request = Request(f"{host.url}/feed?page=1", arguments=ARGUMENTS)
        answer = door(host).fetch(request)
    assert (answer.content, answer.address) == (b"feed", f"{host.url}/more?page=2")
    assert ARGUMENTS["token"] not in repr(request) + repr(answer)


def test_secret_arguments_do_not_follow_to_another_host_though_it_is_led_there_with_them() -> None:
    with (
        hosting(saying(b"feed")) as other,
        hosting(leading(f"{other.url}/feed?{SENT}&lang=fr")) as host,
    ):
        door(host, other).fetch(Request(host.url, arguments=ARGUMENTS))
    assert [one.split("\r\n")[0] for one in (host.asked[0], other.asked[0])] == [
        f"GET /?{SENT} HTTP/1.1",
        "GET /feed?lang=fr HTTP/1.1",
    ]


def test_what_a_server_says_itself_in_an_argument_stays() -> None:
    with hosting(saying(b"feed")) as host:
        door(host).fetch(Request(f"{host.url}/?token=of+another", arguments=ARGUMENTS))
    assert host.asked[0].startswith("GET /?token=of+another HTTP/1.1")
