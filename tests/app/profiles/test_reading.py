"""How a profile is read, what its owner corrects of it, and what comes of that in a search."""

from dataclasses import replace
from html import unescape

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Engine as DatabaseEngine
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.errors import ChangedMeanwhile
from app.extensions import db
from app.profiles import actions
from app.profiles.encoding import encode_values
from app.profiles.errors import PassageGone
from app.profiles.looking import read_profile
from app.profiles.queries import find_text
from app.transactions import writing
from matching.records import Query
from models.audit import AuditEntry
from models.providers import Provider
from models.sentence_keys import make_sentence_key
from models.vocabulary import ProfileRole
from tests.app.profiles.samples import MENTOR, make_engine
from tests.app.profiles.test_search import add, change
from tests.factories import AT, act_for, log_in, make_mentor, make_person
from tests.posting import post

SAID = "Sealed vacuum pumps for chip makers for eleven years."
NEED = "We need somebody who sealed vacuum pumps for chip makers. Our pumps leak."


def test_what_an_owner_does_not_do_is_no_evidence_in_the_next_search(
    fresh_engine: DatabaseEngine,
) -> None:
    writer, other = make_engine(fresh_engine), make_engine(fresh_engine)
    values = replace(MENTOR, summary=f"{SAID} Taught two hundred students in Wuxi.")
    identity = add(fresh_engine, writer, values)

    def correct(role: ProfileRole | None, sentence: str = SAID, ago: int = 0) -> None:
        change(
            fresh_engine,
            lambda session, provider: actions.correct_profile_reading(
                session,
                provider=provider,
                sentence=sentence,
                role=role,
                version=provider.version - ago,
                actor=act_for(provider),
                at=AT,
            ),
        )

    def list_evidence() -> list[str]:
        (result,) = other.match(Query(text=NEED)).results
        with Session(fresh_engine) as session:
            text = session.get_one(Provider, identity).published_text
        return [text[pair.provider_start : pair.provider_end] for pair in result.evidence]

    correct(ProfileRole.DOES)
    assert SAID in list_evidence()
    correct(ProfileRole.REFUSAL)
    assert SAID not in list_evidence()
    with pytest.raises(ChangedMeanwhile):
        correct(ProfileRole.DOES, ago=1)
    with pytest.raises(PassageGone):
        correct(ProfileRole.DOES, sentence="Nobody says this.")
    with Session(fresh_engine) as session:
        provider = session.get_one(Provider, identity)
        read = {each.text: each for each in read_profile(other, provider).sentences}
        assert (read[SAID].role, read[SAID].is_corrected) == (ProfileRole.REFUSAL, True)
        assert sum(each.is_corrected for each in read.values()) == 1
        assert all(text in find_text(provider) for text in read)
    # A fresh index knows it too, and it ends with its sentence.
    assert make_engine(fresh_engine).match(Query(text=NEED)) == other.match(Query(text=NEED))
    ended = []
    for summary in (
        f"{SAID} Now in Suzhou.",
        "Sealed pumps and valves for factories in three countries.",
    ):
        changed = replace(values, summary=summary)
        encoded = encode_values(writer, changed)
        with Session(fresh_engine) as session, writing(session):
            provider = session.scalars(select(Provider)).one()
            ended.append(
                actions.edit_provider(
                    session,
                    provider=provider,
                    values=changed,
                    encoded=encoded,
                    version=None,
                    actor=act_for(provider),
                    at=AT,
                )
            )
    assert ended == [0, 1]
    with Session(fresh_engine) as session:
        kinds = session.scalars(select(AuditEntry.kind)).all()
    assert kinds.count("provider_reading_corrected") == 2


def test_only_the_owner_sees_and_corrects_the_reading(app: Flask, client: FlaskClient) -> None:
    with app.app_context():
        owner, stranger = make_person(db.session), make_person(db.session)
        provider = make_mentor(db.session, person=owner, summary=f"{SAID} Lives in Wuxi.")
        path, version = f"/providers/{provider.public_id}/reading", provider.version
        db.session.commit()
        for person in (owner, stranger):
            db.session.refresh(person)
        version = provider.version
        db.session.expunge_all()
    log_in(client, owner)
    form = {"version": str(version), "sentence": make_sentence_key(SAID), "role": "refusal"}
    page = unescape(client.get(path).get_data(as_text=True))
    assert SAID in page
    assert f'value="{form["sentence"]}"' in page
    assert post(client, path, **(form | {"sentence": "f" * 64})).status_code == 422
    answer = post(client, path, **form)
    assert (answer.status_code, answer.headers["Location"]) == (303, path)
    page = unescape(client.get(path).get_data(as_text=True))
    assert 'data-role="refusal">Does not do it</span>' in page
    assert post(client, path, **form).status_code == 409
    client.post("/log-out")
    log_in(client, stranger)
    assert client.get(path).status_code == 403
    assert post(client, path, **form).status_code == 403
