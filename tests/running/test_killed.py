"""Killed at any moment, fifty times, nothing that was acknowledged is lost, and nothing doubled."""

from __future__ import annotations

import secrets
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from email import message_from_bytes
from pathlib import Path
from random import Random
from threading import Event, Thread

import pytest
from flask import Flask
from sqlalchemy import select

from academy.config import Settings
from academy.db import db, utcnow
from academy.notices.delivering import deliver_next
from academy.notices.models import Notice, NoticeState
from academy.notices.rules import LEASE
from academy.notices.transports import Folder
from courses.catalogue.content import RunContent
from courses.catalogue.runs import Run
from courses.enrolment.models import Enrolment
from courses.enrolment.rules import HOLDS_A_PLACE
from courses.search import backlog, indexing
from courses.search.find import index_folder
from courses.search.store import folders, index
from courses.search.store.segments import Stored
from tests.making import make_offer
from tests.operating.enrolling import signed_in
from tests.running.killing import Fragile, wait_until
from tests.running.restless import NEVER, Restless
from tests.taking_part import WEEK, make_run

pytestmark = pytest.mark.slow
ROUNDS, PEERS, PLACES = 50, 5, (2, 3, None)
VICTIMS = (("server",), ("server",), ("worker",), ("worker",), ("server", "worker"))


@dataclass
class Scene:
    """An academy under load: who acts, what answers them, and by what chance it is killed."""

    app: Flask
    fragile: Fragile
    peers: list[Restless]
    chance: Random
    stop: Event
    threads: list[Thread]

    def calm(self) -> None:
        """Let everybody stop acting."""
        self.stop.set()
        for thread in self.threads:
            thread.join()

    @property
    def acknowledged(self) -> int:
        """Count what people were told is done."""
        return sum(peer.acknowledged for peer in self.peers)

    @property
    def mails(self) -> int:
        """Count the mails that have left."""
        return len(letters(self.app))

    def noted(self, state: NoticeState) -> set[str]:
        """Name the mails that are noted to stand so."""
        db.session.rollback()
        return set(db.session.scalars(select(Notice.reference).where(Notice.state == state)))


def letters(app: Flask) -> list[Path]:
    """List the mails in the folder."""
    settings: Settings = app.config["SETTINGS"]
    assert settings.mail_folder is not None
    return list(settings.mail_folder.glob("[!.]*.eml"))


@pytest.fixture
def app(academy: Callable[..., Flask]) -> Iterator[Flask]:
    """An academy in development, whose mails go to a folder."""
    made = academy(development=True)
    with made.app_context():
        yield made
        db.session.rollback()


@pytest.fixture
def scene(app: Flask, free_port: int) -> Iterator[Scene]:
    """Everybody acts; the seed that decides on every moment is printed."""
    seed = secrets.randbelow(10**6)
    print(f"seed {seed}")  # noqa: T201 - pytest shows it when the test fails
    chance, stop = Random(seed), Event()
    coming = utcnow() + WEEK
    runs = [
        make_run(RunContent(coming, coming + WEEK, capacity=places), title=f"Course {place}")
        for place, places in enumerate(PLACES)
    ]
    peers = [
        Restless(free_port, signed_in(number), runs, Random(chance.random()))
        for number in range(PEERS)
    ]
    fragile = Fragile(app.config["SETTINGS"], free_port)
    fragile.start("server")
    fragile.start("worker")
    threads = [peer.begin(stop) for peer in peers]
    going = Scene(app, fragile, peers, chance, stop, threads)
    try:
        yield going
    finally:
        going.calm()
        fragile.stop()


def kill_once(scene: Scene, number: int) -> None:
    """Wait for some work to be done, kill at that moment, and start again."""
    victims, unsure = scene.chance.choice(VICTIMS), scene.noted(NoticeState.SENDING)
    done, sent = scene.acknowledged, scene.mails
    enough, mails = scene.chance.randint(1, 8), scene.chance.randint(0, 2)
    make_offer(f"Offer {number}")
    wait_until(lambda: scene.acknowledged >= done + enough, what="answers")
    if "worker" in victims:
        wait_until(lambda: scene.mails >= sent + mails, what="mails")
    for name in victims:
        scene.fragile.kill(name)
    if "worker" in victims:
        assert len(scene.noted(NoticeState.SENDING) - unsure) <= 1
    for name in victims:
        scene.fragile.start(name)


def settled(scene: Scene) -> bool:
    """Tell whether the worker has nothing left to do now."""
    db.session.rollback()
    now = utcnow()
    due = select(Notice.id).where(Notice.state == NoticeState.WAITING, Notice.due_at <= now)
    return not backlog.waiting() and db.session.scalar(due.limit(1)) is None


def check_enrolments(scene: Scene) -> None:
    """Compare what everybody was told with what the database holds."""
    db.session.rollback()
    held: dict[tuple[int, str], list[str | None]] = {}
    rows = select(Enrolment.person_id, Run.reference, Enrolment.standing).join(Enrolment.run)
    for person, run, standing in db.session.execute(rows):
        held.setdefault((person, run), []).append(standing.value)
    known = {
        (number, run): stands
        for number, peer in enumerate(scene.peers, 1)
        for run, stands in peer.may_stand.items()
    }
    wrong = {
        key: (held.get(key), stands)
        for key, stands in known.items()
        if len(held.get(key, [])) > 1 or not set(held.get(key, NEVER)) <= stands
    }
    assert wrong == {}
    assert held.keys() <= known.keys()
    counted = Counter(run for (_person, run), stands in held.items() if stands[0] in HOLDS_A_PLACE)
    taken = {run: taken for run, taken in db.session.execute(select(Run.reference, Run.taken))}
    assert {run: count for run, count in taken.items() if count} == counted


def check_mails(scene: Scene, unsure: set[str]) -> None:
    """Look for mails that came twice, or never: a kill may double the one it had cut short."""
    messages = [message_from_bytes(path.read_bytes()) for path in letters(scene.app)]
    left = Counter(str(one["Message-ID"]).strip("<>").partition("@")[0] for one in messages)
    twice = {reference for reference, count in left.items() if count > 1}
    assert max(left.values()) <= 2
    assert twice <= unsure
    sent = scene.noted(NoticeState.SENT)
    # One that had left may be untrue when its turn comes again: then it is not sent twice.
    assert (sent - left.keys(), left.keys() - sent - unsure) == (set(), set())
    states = set(db.session.scalars(select(Notice.state)))
    assert states == {NoticeState.SENT, NoticeState.DROPPED}


def send_what_was_cut_short(scene: Scene) -> None:
    """Send the mails that a kill left behind, as the worker does when their lease is over."""
    settings: Settings = scene.app.config["SETTINGS"]
    assert settings.mail_folder is not None
    later = utcnow() + LEASE + timedelta(seconds=1)
    with scene.app.app_context():
        while deliver_next(scene.app, Folder(settings.mail_folder), now=later) is not None:
            pass


def check_index(scene: Scene, anew: Path) -> None:
    """Compare the index with one that is made of the database now."""
    folder = index_folder(scene.app)
    assert indexing.needs_rebuild(folder) is False
    count = indexing.rebuild(anew, now=utcnow())
    assert count >= ROUNDS
    assert contents(folder) == contents(anew)


def contents(folder: Path) -> dict[int, set[str]]:
    """Give everything that an index tells of each offer, as a search would find it."""
    target = index.current(folder)
    assert target is not None
    found: dict[int, set[str]] = {}
    _, records = folders.contents(folders.Folder(target))
    for record in records:
        stored = Stored(folders.Folder(target), record)
        numbers, gone = stored.columns["number"].tolist(), set(record.deleted_docs())
        alive = {number for place, number in enumerate(numbers) if place not in gone}
        assert not alive & found.keys()
        found |= {number: set() for number in alive}
        for token, postings in stored.tokens():
            for place in set(postings.documents.tolist()) - gone:
                found[numbers[place]].add(token)
    return found


@pytest.mark.usefixtures("unmeasured")
def test_nothing_is_lost_or_doubled_by_fifty_kills(scene: Scene, tmp_path: Path) -> None:
    for number in range(ROUNDS):
        kill_once(scene, number)
    scene.calm()
    wait_until(lambda: settled(scene), what="the worker to be done")
    scene.fragile.stop()
    unsure = scene.noted(NoticeState.SENDING)
    send_what_was_cut_short(scene)
    check_enrolments(scene)
    check_mails(scene, unsure)
    check_index(scene, tmp_path / "anew")
    assert [line for peer in scene.peers for line in peer.unexpected] == []
    assert scene.acknowledged >= ROUNDS
    print(f"{scene.acknowledged} acts, {scene.mails} mails, {len(unsure)} cut short")  # noqa: T201
