"""Further texts of a provider: added, read, found, quoted, taken back."""

from html import unescape
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Engine as DatabaseEngine
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.errors import NotPermitted
from app.extensions import db
from app.matches.actions import find_suggestions, store_suggestions
from app.profiles import actions
from app.profiles.encoding import EncodedText, encode_text
from app.profiles.errors import TextKnown, TooManyTexts
from app.profiles.queries import ProviderFilter, list_said, select_providers
from app.profiles.values import TextValues
from app.ranking.reencoding import reencode_profiles
from app.transactions import writing
from app.vault.storage.folder import FolderStore
from matching.records import Query
from models.audit import AuditEntry
from models.provider_texts import TEXTS_LIMIT, ProviderText, ProviderTextPassage, TextSource
from models.providers import Provider
from models.vocabulary import ProfileRole
from tests.app.profiles.samples import MENTOR, make_engine
from tests.app.profiles.test_search import add, change
from tests.app.ranking.test_reencoding import AnotherEncoder
from tests.app.vault.scenes import keep
from tests.factories import (
    AT,
    act_as,
    act_for,
    log_in,
    make_incubator,
    make_mentor,
    make_need,
    make_person,
    make_startup,
    make_text,
)
from tests.posting import post

PAPER = "Grinding gallium oxide wafers. Edges chip less when the wheel is of resin."
NEED = "Our gallium oxide wafers chip at the edges when we grind them."
VALUES = TextValues(title="Resin wheels", source=TextSource.PAPER, year=2024, text=PAPER)


def encode_nothing(text: str) -> EncodedText:
    return EncodedText(text, (), "none")


def test_a_text_is_found_quoted_corrected_and_taken_back(fresh_engine: DatabaseEngine) -> None:
    writer, other = make_engine(fresh_engine), make_engine(fresh_engine)
    identity = add(fresh_engine, writer, MENTOR)
    before = other.match(Query(NEED))
    encoded = encode_text(writer, PAPER)

    def add_paper(session: Session, provider: Provider) -> None:
        actions.add_text(
            session,
            provider=provider,
            values=VALUES,
            encoded=encoded,
            actor=act_for(provider),
            at=AT,
        )

    change(fresh_engine, add_paper)
    with pytest.raises(TextKnown):
        change(fresh_engine, add_paper)
    found = other.match(Query(NEED))
    assert found == make_engine(fresh_engine).match(Query(NEED))
    (result,) = found.results
    assert result.score > before.results[0].score
    assert found.versions.revision > before.versions.revision
    with Session(fresh_engine) as session:
        text = session.scalars(select(ProviderText)).one()
        assert {pair.text for pair in result.evidence} == {text.id}
        said = [PAPER[pair.provider_start : pair.provider_end] for pair in result.evidence]
        assert set(said) <= list_said(session.get_one(Provider, identity))
        public_id = text.public_id

    def correct(session: Session, provider: Provider) -> None:
        actions.correct_profile_reading(
            session,
            provider=provider,
            sentence=said[0],
            role=ProfileRole.REFUSAL,
            version=None,
            actor=act_for(provider),
            at=AT,
        )

    change(fresh_engine, correct)
    quoted = [
        PAPER[pair.provider_start : pair.provider_end]
        for pair in other.match(Query(NEED)).results[0].evidence
        if pair.text
    ]
    assert said[0] not in quoted
    ended = []
    change(
        fresh_engine,
        lambda session, provider: ended.append(
            actions.take_back_text(
                session, provider=provider, public_id=public_id, actor=act_for(provider), at=AT
            )
        ),
    )
    assert ended == [1]
    assert other.match(Query(NEED)).results == before.results
    with Session(fresh_engine) as session:
        assert session.scalars(select(ProviderTextPassage)).all() == []
        kinds = session.scalars(select(AuditEntry.kind)).all()
    assert kinds.count("provider_text_added") == kinds.count("provider_text_taken_back") == 1


def test_a_run_keeps_what_it_quoted_with_the_title(fresh_engine: DatabaseEngine) -> None:
    engine = make_engine(fresh_engine)
    with Session(fresh_engine) as session:
        with writing(session):
            founder = make_person(session)
            startup = make_startup(session, founder=founder, incubator=make_incubator(session))
            need = make_need(session, startup, text=NEED)
            mentor = make_mentor(session)
            text = make_text(session, mentor, PAPER, title="Resin wheels")
            public_id = text.public_id
        found = find_suggestions(session, engine, need, at=AT)
        with writing(session):
            run = store_suggestions(
                session, need=need, suggestions=found, actor=act_as(founder), at=AT
            )
            (match,) = [each for each in run.matches if each.provider_id == mentor.id]
            assert match.evidence
            for evidence in match.evidence:
                assert evidence.provider_slice in PAPER
                assert (evidence.text_title, evidence.text_public_id) == ("Resin wheels", public_id)
        # Nobody else is found by these words, and the mentor is found by them in the list.
        chosen = ProviderFilter(text="gallium resin")
        rows = session.scalars(select_providers(viewer=act_as(founder), chosen=chosen)).all()
        assert [row.id for row in rows] == [mentor.id]


def test_texts_are_limited_and_only_the_owners(session: Session) -> None:
    provider = make_mentor(session, person=make_person(session))
    for number in range(TEXTS_LIMIT):
        make_text(session, provider, f"Text number {number}.")
    with pytest.raises(TooManyTexts):
        actions.add_text(
            session,
            provider=provider,
            values=VALUES,
            encoded=encode_nothing(PAPER),
            actor=act_for(provider),
            at=AT,
        )
    with pytest.raises(NotPermitted):
        actions.add_text(
            session,
            provider=provider,
            values=VALUES,
            encoded=encode_nothing(PAPER),
            actor=act_as(make_person(session)),
            at=AT,
        )


def test_texts_of_another_encoder_are_encoded_again(fresh_engine: DatabaseEngine) -> None:
    engine = make_engine(fresh_engine)
    with Session(fresh_engine) as session:
        with writing(session):
            make_text(session, make_mentor(session), PAPER)
        engine.match(Query(NEED))
        engine.encoder = AnotherEncoder()
        assert reencode_profiles(session, engine, progress=lambda *step: None) == 1
        made_by = select(ProviderTextPassage.fingerprint).distinct()
        assert session.scalars(made_by).all() == ["another encoder"]


def test_pages_add_show_and_take_back(app: Flask, client: FlaskClient, tmp_path: Path) -> None:
    with app.app_context():
        owner, stranger = make_person(db.session), make_person(db.session)
        provider = make_mentor(db.session, person=owner)
        store = FolderStore(app.extensions["yinqiao_settings"].documents_path)
        keep(db.session, store, provider, owner, name="paper.md", content=b"# Wheels\n\nOf resin.")
        document = keep(db.session, store, provider, owner, name="notes.txt", content=b"Notes.")
        document.title = "Notes of a line"
        keep(db.session, store, provider, owner, name="plan.pdf")
        public_id, document_id = provider.public_id, document.public_id
        db.session.commit()
        for person in (owner, stranger):
            db.session.refresh(person)
        db.session.expunge_all()
    path = f"/providers/{public_id}/texts"
    log_in(client, owner)
    page = unescape(client.get(path).get_data(as_text=True))
    assert "Notes of a line" in page
    form = {"title": "Resin <wheels>", "source": "paper", "year": "2024", "text": PAPER}
    for wrong in (
        {"text": ""},
        {"document": document_id},
        {"year": "99999999999999999999"},
        {"year": "1e999"},
        {"address": "javascript:alert(1)"},
        {"title": " "},
        {"text": "a" * 20_001},
        {"document": "f" * 16, "text": ""},
        {"source": "gossip"},
    ):
        assert post(client, path, **(form | wrong)).status_code == 422, wrong
    assert post(client, path, **form, address="https://example.org/paper").status_code == 303
    assert post(client, path, **form).status_code == 409
    taken = post(client, path, **(form | {"title": "Notes", "text": "", "document": document_id}))
    assert taken.status_code == 303
    with app.app_context():
        texts = {each.title: each for each in db.session.scalars(select(ProviderText))}
        assert texts["Notes"].text == "Notes."
        assert "document_downloaded" in db.session.scalars(select(AuditEntry.kind)).all()
        own = texts["Resin <wheels>"].public_id
    reading = f"{path}/{own}/reading"
    assert PAPER.split(". ")[1] in unescape(client.get(reading).get_data(as_text=True))
    client.post("/log-out")
    log_in(client, stranger)
    assert "Resin &lt;wheels&gt;" in client.get(f"/providers/{public_id}").get_data(as_text=True)
    shown = client.get(f"{path}/{own}").get_data(as_text=True)
    assert 'href="https://example.org/paper"' in shown
    for private in (path, reading):
        assert client.get(private).status_code == 403
    assert post(client, f"{path}/{own}/take-back").status_code == 403
    client.post("/log-out")
    log_in(client, owner)
    assert post(client, f"{path}/{own}/take-back").status_code == 303
    assert client.get(f"{path}/{own}").status_code == 404
    assert post(client, f"{path}/{own}/take-back").status_code == 404
