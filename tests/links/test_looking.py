"""Links are looked at through the guarded door, and what came of it is kept."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import ExitStack
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from threading import Event

import pytest
from flask import Flask

from academy.outbound import Limits, Outbound
from courses.catalogue.rules import is_listed
from courses.links.checking import AWAY, IDLE, LIMITS, PAUSE, check_some, keep_checking
from courses.links.models import Answered
from courses.links.queries import due
from tests.links.links_kept import DAY, FINE, MONDAY, check, kept, linked, offer
from tests.outbound.answering import Host, Reply, door, hosting, leading, of_paths, said, saying

HOUR = timedelta(hours=1)
pytestmark = pytest.mark.usefixtures("app")


@pytest.fixture
def hosts() -> Iterator[_Hosts]:
    """Hosts to be filled in; they run until the test ends."""
    with ExitStack() as stack:
        yield _Hosts(stack)


class _Hosts(list[Host]):
    def __init__(self, stack: ExitStack) -> None:
        super().__init__()
        self.stack = stack

    def add(self, reply: Reply) -> Host:
        self.append(self.stack.enter_context(hosting(reply)))
        return self[-1]


def look(outbound: Outbound, now: datetime = MONDAY) -> float:
    return check_some(outbound, Event(), clock=lambda: now)


def answered(key: int) -> tuple[Answered, str]:
    found = check(key)
    return found.answered, found.reason


def without_head(host: Host, request: str) -> list[bytes]:
    """Answer as programs do that know no HEAD."""
    del host
    if request.startswith("HEAD "):
        return [said(status="405 Method Not Allowed")]
    return [said(b"x" * 1_024, "206 Partial Content")]


def test_only_the_head_of_a_page_is_asked_for(hosts: _Hosts) -> None:
    host = hosts.add(saying())
    key = linked(f"{host.url}/water")
    assert look(door(host)) == PAUSE
    assert [one.partition(" HTTP")[0] for one in host.asked] == ["HEAD /water"]
    assert answered(key) == (Answered.FINE, "200")


def test_who_knows_no_head_is_asked_for_the_beginning_of_the_page(hosts: _Hosts) -> None:
    host = hosts.add(without_head)
    key = linked(f"{host.url}/water")
    look(door(host))
    assert [one.partition(" HTTP")[0] for one in host.asked] == ["HEAD /water", "GET /water"]
    assert host.header("range") == "bytes=0-1023"
    assert answered(key) == (Answered.FINE, "206")


def test_who_hangs_up_on_a_head_is_asked_for_the_page_too(hosts: _Hosts) -> None:
    host = hosts.add(lambda _host, request: [] if request.startswith("HEAD") else [said(b"Hello")])
    key = linked(f"{host.url}/water")
    look(door(host))
    assert answered(key) == (Answered.FINE, "200")


def test_a_page_of_a_gigabyte_is_there(hosts: _Hosts) -> None:
    host = hosts.add(
        lambda _host, request: [
            said(status="501 Not Implemented")
            if request.startswith("HEAD")
            else b"HTTP/1.1 200 OK\r\nContent-Length: 1000000000\r\n\r\nx"
        ]
    )
    key = linked(f"{host.url}/film")
    look(door(host))
    assert answered(key) == (Answered.FINE, "too-large")


def test_a_page_behind_a_sign_in_is_as_it_should_be(hosts: _Hosts) -> None:
    host = hosts.add(
        of_paths({"/water": leading("/login?next=water"), "/login?next=water": saying()})
    )
    key = linked(f"{host.url}/water")
    look(door(host))
    assert answered(key) == (Answered.SIGN_IN, "sign-in-page")


def test_a_page_that_leads_to_the_front_is_gone(hosts: _Hosts) -> None:
    host = hosts.add(of_paths({"/water": leading("/"), "/": saying(b"Welcome")}))
    key = linked(f"{host.url}/water")
    look(door(host))
    assert answered(key) == (Answered.STRIKE, "led-to-front")


def test_three_rounds_on_three_days_mark_the_offer_and_one_restores_it(hosts: _Hosts) -> None:
    replies = [saying(status="404 Not Found")]

    def latest(one: Host, request: str) -> Iterable[bytes]:
        return replies[-1](one, request)

    host = hosts.add(latest)
    key = linked(f"{host.url}/water")
    for day in range(3):
        assert is_listed(offer(key))
        look(door(host), MONDAY + day * DAY)
    assert not is_listed(offer(key))
    replies.append(saying())
    look(door(host), MONDAY + 3 * DAY)
    assert is_listed(offer(key))


def test_nothing_due_is_waited_for(hosts: _Hosts) -> None:
    assert look(door(*hosts)) == IDLE


def test_each_host_is_asked_once_a_round(hosts: _Hosts) -> None:
    one, other = hosts.add(saying()), hosts.add(saying())
    linked(f"{one.url}/a", "A")
    linked(f"{one.url}/b", "B")
    linked(f"{other.url}/c", "C")
    # They differ in their ports alone, and are one host of ours.
    look(door(one, other))
    assert (len(one.asked), len(other.asked)) == (1, 0)
    look(door(one, other))
    look(door(one, other))
    assert (len(one.asked), len(other.asked)) == (2, 1)


def test_a_round_in_which_nobody_answers_judges_nobody_and_others_come_next() -> None:
    keys = [linked(f"https://{name}.city/water", name) for name in ("one", "two", "three")]
    nowhere = door(resolve=lambda _host, _port: [])
    assert look(nowhere) == AWAY
    assert [(check(key).strikes, answered(key)[0]) for key in keys] == [(0, Answered.LATER)] * 3
    assert due(MONDAY + HOUR / 2, limit=9) == []
    assert len(due(MONDAY + HOUR, limit=9)) == 3


def test_hosts_that_are_dead_together_are_struck_when_one_that_was_fine_answers(
    hosts: _Hosts,
) -> None:
    host = hosts.add(saying())
    kept(linked(f"{host.url}/water"), FINE, MONDAY - DAY)
    keys = [linked(f"https://{name}.city/water", name) for name in ("one", "two", "three")]
    assert look(door(host, resolve=lambda _host, _port: [])) == PAUSE
    assert [check(key).strikes for key in keys] == [1, 1, 1]
    assert len(host.asked) == 1


def test_a_dead_host_is_not_struck_while_one_that_was_fine_does_not_answer() -> None:
    fine = linked("https://fine.city/water")
    kept(fine, FINE, MONDAY - DAY)
    key = linked("https://one.city/water", "One")
    assert look(door(resolve=lambda _host, _port: [])) == AWAY
    assert (check(key).strikes, check(fine).answered) == (0, Answered.FINE)


def test_one_host_that_is_unknown_has_one_strike() -> None:
    key = linked("https://one.city/water")
    look(door(resolve=lambda _host, _port: []))
    assert answered(key) == (Answered.STRIKE, "unknown-host")


def test_a_host_that_was_asked_enough_waits_for_another_round(hosts: _Hosts) -> None:
    host = hosts.add(saying())
    linked(f"{host.url}/water")
    busy = door(host)
    busy = replace(busy, pace=replace(busy.pace, per_second=0.01, burst=1.0))
    busy.pace.take("127.0.0.1", now=busy.clock())
    assert look(busy) == IDLE
    assert (host.asked, len(due(MONDAY, limit=9))) == ([], 1)


def test_who_is_told_to_stop_stops_and_keeps_what_there_is(hosts: _Hosts) -> None:
    host, stop = hosts.add(saying()), Event()
    linked(f"{host.url}/water")
    stop.set()
    assert check_some(door(host), stop, clock=lambda: MONDAY) == IDLE
    assert host.asked == []


def test_a_link_takes_less_time_and_room_than_a_feed() -> None:
    usual = Limits()
    assert (LIMITS.seconds < usual.seconds, LIMITS.content < usual.content) == (True, True)


def test_the_loop_ends_when_it_is_told_to(app: Flask) -> None:
    stop = Event()
    stop.set()
    keep_checking(app.app_context, door)(stop)
    assert stop.is_set()


def test_the_commands_look_and_list(app: Flask, hosts: _Hosts, tmp_path: Path) -> None:
    del tmp_path
    host = hosts.add(saying(status="410 Gone"))
    settings = replace(app.config["SETTINGS"], intranet_hosts=(host.authority,))
    app.config["SETTINGS"] = settings
    key = linked(f"{host.url}/water")
    runner = app.test_cli_runner()
    told = runner.invoke(args=["links", "check"]).output
    assert told.splitlines()[-1] == (
        "fine 0, behind a sign-in 0, failed 1, to be asked later 0; broken now: 0"
    )
    assert answered(key) == (Answered.STRIKE, "410")
    again = runner.invoke(args=["links", "check", "--institution", "river-school"]).output
    assert again.splitlines()[-1].startswith("fine 0, behind a sign-in 0, failed 1,")
    assert runner.invoke(args=["links", "list", "--broken"]).output == ""
    nobody = runner.invoke(args=["links", "check", "--institution", "moon"])
    assert (nobody.exit_code, nobody.output) == (1, "Error: There is no institution 'moon'.\n")
