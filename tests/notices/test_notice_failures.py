"""What goes wrong with mails: tried again, given up, repeated once at most, forgotten."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask

from academy.accounts.models import Person
from academy.db import db, unit_of_work
from academy.notices import operations, queries
from academy.notices.models import Notice, NoticeState
from academy.notices.rules import LEASE, PAUSES, Dropped
from academy.notices.transports import Away, transport_of
from tests.mailing import Post, open_post
from tests.making import NOW
from tests.notices.conftest import Mailing, Sample

UNKNOWN = "550 5.1.1 Nobody of that name lives here"


def test_a_dead_recipient_is_given_up_at_once_and_not_written_to_again(
    mailing: Mailing, post: Post, ana: Person
) -> None:
    post.to["ana@example.org"] = UNKNOWN
    first = mailing.write(ana)
    assert mailing.deliver() is NoticeState.PARKED
    assert mailing.notice(first).problem == UNKNOWN
    dead = queries.dead_address("Ana@Example.org")
    assert dead is not None
    assert (dead.problem, dead.since) == (UNKNOWN, NOW)
    second = mailing.write(ana)
    assert mailing.deliver() is NoticeState.DROPPED
    assert mailing.notice(second).problem == Dropped.DEAD_ADDRESS


def test_a_way_into_the_account_is_tried_again_the_next_day(
    mailing: Mailing, post: Post, ana: Person
) -> None:
    with unit_of_work():
        operations.note_bounce(ana.email, UNKNOWN, hard=True, now=NOW)
    mailing.write(ana, "sample-account")
    assert mailing.deliver(NOW + timedelta(hours=23)) is NoticeState.DROPPED
    mailing.write(ana, "sample-account")
    mailing.write(ana, "sample-messages")
    tomorrow = NOW + timedelta(days=1)
    assert mailing.deliver_all(tomorrow) == [NoticeState.SENT, NoticeState.DROPPED]
    assert queries.dead_address(ana.email) is not None


@pytest.mark.parametrize(
    ("answer", "state", "dead"),
    [
        ("550 User unknown", NoticeState.PARKED, True),
        ("553 5.1.3 Bad address syntax", NoticeState.PARKED, True),
        ("550 5.2.1 Mailbox disabled", NoticeState.PARKED, True),
        ("550 5.7.1 We do not like your server", NoticeState.PARKED, False),
        ("552 5.2.2 Mailbox full", NoticeState.WAITING, False),
        ("552 Over quota", NoticeState.WAITING, False),
        ("450 4.2.0 Greylisted", NoticeState.WAITING, False),
        ("421 4.3.2 Shutting down", NoticeState.WAITING, False),
    ],
)
def test_only_an_address_where_nobody_lives_is_dead(
    mailing: Mailing, post: Post, ana: Person, answer: str, state: NoticeState, dead: bool
) -> None:
    post.to["ana@example.org"] = answer
    reference = mailing.write(ana)
    assert mailing.deliver() is state
    assert mailing.notice(reference).problem == answer
    assert (queries.dead_address("ana@example.org") is not None) is dead


def test_a_mail_that_is_refused_is_parked_and_its_address_lives(
    mailing: Mailing, post: Post, ana: Person
) -> None:
    post.at_end = lambda _address: "554 5.6.0 This looks like an advertisement"
    reference = mailing.write(ana)
    assert mailing.deliver() is NoticeState.PARKED
    assert mailing.notice(reference).problem == "554 5.6.0 This looks like an advertisement"
    assert queries.bounces_of("ana@example.org") is None


def test_each_try_waits_longer_and_the_last_parks(
    mailing: Mailing, post: Post, ana: Person
) -> None:
    post.to["ana@example.org"] = "451 4.3.0 Try later"
    reference, now = mailing.write(ana), NOW
    for number, pause in enumerate(PAUSES, start=1):
        assert mailing.deliver(now) is NoticeState.WAITING
        notice = mailing.notice(reference)
        assert (notice.attempts, notice.due_at) == (number, now + pause)
        assert mailing.deliver(now + pause - timedelta(seconds=1)) is None
        now += pause
    assert mailing.deliver(now) is NoticeState.PARKED
    assert mailing.notice(reference).problem == "451 4.3.0 Try later"
    assert mailing.deliver(now + timedelta(days=30)) is None


def test_a_mail_that_failed_once_arrives_later(mailing: Mailing, post: Post, ana: Person) -> None:
    post.to["ana@example.org"] = "451 4.3.0 Try later"
    mailing.write(ana)
    mailing.deliver()
    post.to.clear()
    assert mailing.deliver(NOW + PAUSES[0]) is NoticeState.SENT
    assert len(post.letters) == 1


def test_the_others_do_not_wait_for_one_that_fails(
    mailing: Mailing, post: Post, ana: Person
) -> None:
    post.to["ana@example.org"] = "451 4.3.0 Try later"
    mailing.write(ana)
    mailing.write("ben@example.org")
    assert mailing.deliver_all() == [NoticeState.WAITING, NoticeState.SENT]
    assert post.recipients == ["ben@example.org"]


def test_given_up_begins_anew_when_somebody_asks(mailing: Mailing, post: Post, ana: Person) -> None:
    post.to["ana@example.org"] = UNKNOWN
    reference = mailing.write(ana)
    mailing.deliver()
    post.to.clear()
    with unit_of_work():
        notice = queries.notice_by_reference(reference)
        assert notice is not None
        assert operations.send_again(notice, now=NOW) is True
    assert mailing.deliver() is NoticeState.SENT
    with unit_of_work():
        notice = queries.notice_by_reference(reference)
        assert notice is not None
        assert operations.send_again(notice, now=NOW) is False
    assert mailing.deliver() is None
    assert len(post.letters) == 1


def test_a_server_that_is_away_uses_up_no_attempt(
    academy: Callable[..., Flask], mailing: Mailing, ana: Person, post: Post
) -> None:
    gone = Post()
    app = academy(mail_url=gone.url)
    with app.app_context():
        transport = transport_of(app.config["SETTINGS"])
        assert transport is not None
        elsewhere = Mailing(app, transport)
        references = [elsewhere.write(f"reader{number}@example.org") for number in range(3)]
        for _try in range(10):
            with pytest.raises(Away):
                elsewhere.deliver()
        states = [elsewhere.notice(reference) for reference in references]
        assert [(one.state, one.attempts, one.due_at) for one in states] == [
            (NoticeState.WAITING, 0, NOW)
        ] * 3
        with open_post(gone):
            assert elsewhere.deliver_all() == [NoticeState.SENT] * 3
            transport.close()


def test_a_server_that_refuses_us_is_away(mailing: Mailing, post: Post, ana: Person) -> None:
    post.from_all = "550 5.7.1 Not from you"
    reference = mailing.write(ana)
    with pytest.raises(Away, match=r"550 5\.7\.1 Not from you"):
        mailing.deliver()
    notice = mailing.notice(reference)
    assert (notice.state, notice.attempts) == (NoticeState.WAITING, 0)


def test_a_connection_that_the_server_closed_is_opened_again(
    mailing: Mailing, post: Post, ana: Person
) -> None:
    mailing.write(ana)
    mailing.deliver()
    post.to["ben@example.org"] = "421 4.3.2 Shutting down"
    mailing.write("ben@example.org")
    mailing.write(ana)
    assert mailing.deliver_all() == [NoticeState.WAITING, NoticeState.SENT]
    assert post.connections == 2


def test_a_mail_that_cannot_be_made_is_tried_again_and_hides_nothing(
    mailing: Mailing, sample: Sample, ana: Person, caplog: pytest.LogCaptureFixture
) -> None:
    sample.changes = {"nonsense": 1}
    reference = mailing.write(ana)
    assert mailing.deliver() is NoticeState.WAITING
    assert mailing.notice(reference).problem == "The mail could not be written (TypeError)."
    assert [record.message for record in caplog.records] == ["a mail could not be written"]


def test_what_a_worker_that_died_held_comes_back_when_its_lease_is_over(
    mailing: Mailing, post: Post, ana: Person
) -> None:
    reference = mailing.write(ana)
    with unit_of_work():
        assert operations.claim_next(now=NOW) is not None
    assert mailing.deliver(NOW + LEASE - timedelta(seconds=1)) is None
    assert mailing.deliver(NOW + LEASE) is NoticeState.SENT
    assert mailing.notice(reference).attempts == 2


def test_a_mail_that_ends_the_worker_each_time_is_given_up(
    mailing: Mailing, post: Post, ana: Person
) -> None:
    reference, now = mailing.write(ana), NOW
    for _time in range(len(PAUSES) + 1):
        with unit_of_work():
            assert operations.claim_next(now=now) is not None
        now += LEASE
    assert mailing.deliver(now) is NoticeState.PARKED
    assert (
        mailing.notice(reference).problem == "The worker ended each time while it sent this mail."
    )
    assert post.letters == []


def test_a_repeat_can_be_recognised(mailing: Mailing, post: Post, ana: Person) -> None:
    reference = mailing.write(ana)
    mailing.deliver()
    with unit_of_work():
        # As it was when the worker died between sending and writing that down.
        notice = db.session.query(Notice).filter_by(reference=reference).one()
        notice.state, notice.leased_until = NoticeState.SENDING, NOW
    mailing.deliver()
    assert {letter["Message-ID"] for letter in post.letters} == {f"<{reference}@localhost>"}
    assert len(post.letters) == 2


def test_two_workers_never_have_the_same_notice(mailing: Mailing, ana: Person) -> None:
    mailing.write(ana)
    with unit_of_work():
        assert operations.claim_next(now=NOW) is not None
    with unit_of_work():
        assert operations.claim_next(now=NOW) is None
