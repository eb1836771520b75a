"""What becomes of a notice: sent once, in its turn, or dropped when it is not true."""

from __future__ import annotations

from datetime import timedelta

import pytest

from academy.accounts.models import Person
from academy.db import db, unit_of_work
from academy.notices import operations, queries, rules
from academy.notices.models import Group, Notice, NoticeState
from academy.notices.rules import KEPT_FOR, Dropped
from tests.mailing import Post
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


def test_the_address_of_who_has_left_is_forgotten_with_the_last_mail(
    mailing: Mailing, post: Post
) -> None:
    left = mailing.write("gone@example.org", "sample-account")
    invited = mailing.write("new@example.org", "sample-work")
    mailing.deliver_all()
    assert post.recipients == ["gone@example.org", "new@example.org"]
    assert mailing.notice(left).address == ""
    assert mailing.notice(invited).address == "new@example.org"


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
