"""What becomes of a notice: sent once, tried again, given up, or dropped when it is not true."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask

from academy.accounts.models import Person
from academy.db import db, unit_of_work
from academy.notices import operations, queries, rules
from academy.notices.models import Group, Notice, NoticeState
from academy.notices.rules import DEAD_AFTER, KEPT_FOR, LEASE, PAUSES, Dropped
from academy.notices.transports import Away, transport_of
from tests.mailing import Post, open_post
from tests.making import NOW
from tests.notices.conftest import Mailing, Sample

UNKNOWN = "550 5.1.1 Nobody of that name lives here"


def test_a_notice_becomes_a_mail(mailing: Mailing, post: Post, ana: Person) -> None:
    reference = mailing.write(ana)
    assert mailing.deliver() is NoticeState.SENT
    assert post.recipients == ["ana@example.org"]
    notice = mailing.notice(reference)
    assert (notice.sent_at, notice.subject, notice.attempts) == (NOW, "Water for all begins", 1)
    assert (notice.leased_until, notice.details, notice.problem) == (None, {}, "")


def test_what_was_sent_is_not_sent_again(mailing: Mailing, post: Post, ana: Person) -> None:
    mailing.write(ana, about="this")
    mailing.write(ana, about="this")
    assert mailing.deliver_all() == [NoticeState.SENT]
    assert mailing.deliver_all(NOW + timedelta(days=60)) == []
    assert len(post.letters) == 1


def test_nothing_goes_before_it_is_due(mailing: Mailing, ana: Person) -> None:
    mailing.write(ana, due_at=NOW + timedelta(hours=1))
    assert mailing.deliver(NOW + timedelta(minutes=59)) is None
    assert mailing.deliver(NOW + timedelta(hours=1)) is NoticeState.SENT


def test_a_sign_in_does_not_wait_behind_a_message_to_thousands(
    mailing: Mailing, post: Post, ana: Person
) -> None:
    for number in range(3):
        mailing.write(f"reader{number}@example.org", "sample-messages")
    mailing.write(ana, "sample-account", now=NOW + timedelta(minutes=1))
    mailing.deliver(NOW + timedelta(minutes=1))
    assert post.recipients == ["ana@example.org"]


def test_one_connection_carries_many_mails(mailing: Mailing, post: Post) -> None:
    for number in range(5):
        mailing.write(f"reader{number}@example.org")
    assert mailing.deliver_all() == [NoticeState.SENT] * 5
    assert post.connections == 1


@pytest.mark.parametrize("group", rules.REFUSABLE)
def test_a_refused_group_is_not_sent(
    mailing: Mailing, post: Post, ana: Person, group: Group
) -> None:
    with unit_of_work():
        operations.mute(ana, group, now=NOW)
    reference = mailing.write(ana, f"sample-{group}")
    assert mailing.deliver() is NoticeState.DROPPED
    assert mailing.notice(reference).problem == Dropped.UNWANTED
    assert post.letters == []


def test_what_keeps_an_account_safe_cannot_be_refused(
    mailing: Mailing, post: Post, ana: Person
) -> None:
    with unit_of_work():
        operations.choose_groups(ana, (), now=NOW)
    assert queries.muted_groups(ana) == set(rules.REFUSABLE)
    mailing.write(ana, "sample-account")
    assert mailing.deliver() is NoticeState.SENT


def test_a_notice_that_is_no_longer_true_is_dropped(
    mailing: Mailing, post: Post, sample: Sample, ana: Person
) -> None:
    reference = mailing.write(ana)
    sample.true = False
    assert mailing.deliver() is NoticeState.DROPPED
    assert mailing.notice(reference).problem == Dropped.UNTRUE
    assert post.letters == []


def test_a_notice_that_comes_too_late_is_dropped(mailing: Mailing, post: Post, ana: Person) -> None:
    reference = mailing.write(ana, expires_at=NOW + timedelta(hours=1))
    assert mailing.deliver(NOW + timedelta(hours=1)) is NoticeState.DROPPED
    assert mailing.notice(reference).problem == Dropped.EXPIRED
    assert post.letters == []


@pytest.mark.parametrize("column", ["blocked_at", "erased_at"])
def test_36_nothing_is_sent_to_a_closed_account(
    mailing: Mailing, post: Post, ana: Person, column: str
) -> None:
    reference = mailing.write(ana, "sample-account")
    with unit_of_work():
        setattr(db.session.merge(ana), column, NOW)
    assert mailing.deliver() is NoticeState.DROPPED
    assert mailing.notice(reference).problem == Dropped.ACCOUNT_CLOSED
    assert post.letters == []


def test_nobody_of_the_demonstration_is_written_to(
    mailing: Mailing, post: Post, ana: Person
) -> None:
    with unit_of_work():
        db.session.merge(ana).sample = True
    reference = mailing.write(ana)
    assert mailing.deliver() is NoticeState.DROPPED
    assert mailing.notice(reference).problem == Dropped.SAMPLE


def test_a_person_deleted_while_waiting_takes_the_notice_along(
    mailing: Mailing, post: Post, ana: Person
) -> None:
    mailing.write(ana)
    with unit_of_work():
        db.session.delete(db.session.merge(ana))
    assert mailing.deliver() is None
    assert post.letters == []


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


def test_old_notices_are_forgotten_and_those_that_wait_are_not(
    mailing: Mailing, post: Post, ana: Person
) -> None:
    sent = mailing.write(ana)
    mailing.deliver()
    waiting = mailing.write(ana, due_at=NOW + timedelta(days=1))
    with unit_of_work():
        operations.forget_old_notices(now=NOW + KEPT_FOR - timedelta(seconds=1))
    assert mailing.notice(sent).state is NoticeState.SENT
    with unit_of_work():
        operations.forget_old_notices(now=NOW + KEPT_FOR + timedelta(days=5))
    assert [one.reference for one in db.session.query(Notice)] == [waiting]


def test_soft_bounces_count_within_a_month(mailing: Mailing, ana: Person) -> None:
    told = []
    with unit_of_work():
        for number in range(DEAD_AFTER):
            now = NOW + timedelta(days=number)
            told.append(operations.note_bounce(ana.email, "Full", hard=False, now=now))
    assert told == [False, False, True]
    with unit_of_work():
        assert operations.revive_address(ana.email) is True
        later = [NOW, NOW + timedelta(days=20), NOW + timedelta(days=40)]
        told = [operations.note_bounce(ana.email, "Full", hard=False, now=now) for now in later]
    assert told == [False, False, False]
