"""A request that brings a key is done once."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

from courses.catalogue.models import Offer
from tests.programs import FORM, OFFERS, Program, code_of, count


def test_a_key_gives_the_same_answer_again(publisher: Program) -> None:
    first = publisher.send("POST", OFFERS, key="three", json=FORM)
    again = publisher.send("POST", OFFERS, key="three", json=FORM)
    other = publisher.send("POST", OFFERS, key="three", json={**FORM, "cost": "paid"})

    assert (again.status_code, again.get_json()) == (201, first.get_json())
    assert again.headers["Location"] == first.headers["Location"]
    assert again.headers["Idempotency-Replayed"] == "true"
    assert (other.status_code, code_of(other)) == (422, "idempotency-key-reused")
    assert count(Offer) == 1


def test_sixteen_requests_with_one_key_make_one_offer(publisher: Program) -> None:
    def publish(_number: int) -> int:
        with publisher.app.app_context():
            return publisher.send("POST", OFFERS, key="four", json=FORM).status_code

    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(publish, range(16)))

    assert count(Offer) == 1
    assert set(answers) <= {201, 409, 503}
    assert 201 in answers
