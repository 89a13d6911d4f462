"""Terms of an incubator: what they do to matches and lists, and what cannot be one."""

from html import unescape

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Engine as DatabaseEngine
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.errors import NotFound, NotPermitted
from app.extensions import db
from app.matches.actions import find_suggestions, store_suggestions
from app.pools.actions.terms import TermValues, add_term, take_back_term
from app.pools.errors import (
    TermIncomplete,
    TermKnown,
    TermsUsedUp,
    TermTooCommon,
    TooManyForms,
    TooManyTerms,
)
from app.profiles.queries import ProviderFilter, select_providers
from app.ranking.own_terms import read_term_set, read_terms_for
from app.transactions import writing
from models.audit import AuditEntry
from models.incubator_terms import IncubatorTerm
from models.needs import Need
from models.vocabulary import ProviderKind
from tests.app.profiles.samples import make_engine
from tests.factories import (
    AT,
    act_as,
    log_in,
    make_incubator,
    make_mentor,
    make_need,
    make_person,
    make_startup,
)
from tests.posting import post

VALUES = TermValues(chinese=("背减",), english=("wafer back thinning",), abbreviations=("WBT",))
NEED = "We need help with WBT: the last lot cracked."
SAID = "Wafer back thinning down to sixty micrometres."


def test_a_need_that_says_one_form_is_compared_as_if_it_said_all(
    fresh_engine: DatabaseEngine,
) -> None:
    engine = make_engine(fresh_engine)
    with Session(fresh_engine) as session:
        with writing(session):
            operator, founder = make_person(session), make_person(session)
            incubator = make_incubator(session, operator=operator)
            need = make_need(
                session, make_startup(session, founder=founder, incubator=incubator), text=NEED
            )
            stranger = make_person(session)
            other = make_need(
                session,
                make_startup(session, founder=stranger, incubator=make_incubator(session)),
                text=NEED,
            )
            mentor = make_mentor(session, summary=f"{SAID} Lives in Wuxi.")
            chinese = make_mentor(session, summary="做过十年背减。住在无锡。", headline="工艺")
        before = find_suggestions(session, engine, need, at=AT)
        elsewhere = find_suggestions(session, engine, other, at=AT)

        def match(asked: Need) -> dict[int, float]:
            found = find_suggestions(session, engine, asked, at=AT)
            results = found.by_kind[ProviderKind.MENTOR].results
            return {each.provider_id: each.features["words"] for each in results}

        plain = match(need)
        with writing(session):
            term = add_term(
                session, incubator=incubator, values=VALUES, actor=act_as(operator), at=AT
            )
            public_id = term.public_id
        found = match(need)
        assert found[mentor.id] > plain[mentor.id]
        assert found[chinese.id] > plain[chinese.id]
        assert find_suggestions(session, engine, other, at=AT) == elsewhere
        with writing(session):
            run = store_suggestions(
                session,
                need=need,
                suggestions=find_suggestions(session, engine, need, at=AT),
                actor=act_as(founder),
                at=AT,
            )
            assert run.terms_version == f"{incubator.public_id}.1"
            quoted = [e.provider_slice for each in run.matches for e in each.evidence]
        assert SAID in quoted
        # A list is searched by them, too, for who is hosted there.
        for person, count in ((founder, 1), (stranger, 0)):
            viewer = act_as(person)
            chosen = ProviderFilter(text="WBT", terms=read_terms_for(session, viewer))
            rows = session.scalars(select_providers(viewer=viewer, chosen=chosen)).all()
            assert sum(row.id == mentor.id for row in rows) == count
        with writing(session):
            take_back_term(
                session, incubator=incubator, public_id=public_id, actor=act_as(operator), at=AT
            )
        assert read_term_set(incubator).version == f"{incubator.public_id}.2"
        assert match(need) == plain
        after = find_suggestions(session, engine, need, at=AT)
        assert (
            after.by_kind[ProviderKind.MENTOR].results
            == before.by_kind[ProviderKind.MENTOR].results
        )
        kinds = session.scalars(select(AuditEntry.kind)).all()
        assert kinds.count("term_added") == kinds.count("term_taken_back") == 1


def test_what_is_common_known_or_alone_is_no_term(
    session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    operator = make_person(session)
    incubator = make_incubator(session, operator=operator)

    def add(*forms: str, abbreviations: tuple[str, ...] = ()) -> IncubatorTerm:
        return add_term(
            session,
            incubator=incubator,
            values=TermValues(english=forms, abbreviations=abbreviations),
            actor=act_as(operator),
            at=AT,
        )

    for form in ("test", "the", "12", "x", "设备", "!!", "公司", "Customers", "product team"):
        with pytest.raises(TermTooCommon):
            add("wafer back thinning", form)
    for alone in ((), ("wafer back thinning",), ("WBT", "wbt")):
        with pytest.raises(TermIncomplete):
            add(*alone)
    term = add("wafer back thinning", abbreviations=("WBT",))
    with pytest.raises(TermKnown):
        add("wet bench tool", abbreviations=("wbt",))
    with pytest.raises(NotPermitted):
        take_back_term(
            session,
            incubator=incubator,
            public_id=term.public_id,
            actor=act_as(make_person(session)),
            at=AT,
        )
    monkeypatch.setattr("app.pools.actions.terms.INCUBATOR_TERMS_LIMIT", 1)
    with pytest.raises(TooManyTerms):
        add("sintered silver paste", "silver sintering")

    monkeypatch.undo()
    for limit, error in (("FORMS_LIMIT", TooManyForms), ("TERMS_EVER", TermsUsedUp)):
        with monkeypatch.context() as patched:
            patched.setattr(f"app.pools.actions.terms.INCUBATOR_{limit}", 1)
            with pytest.raises(error):
                add("sintered silver paste", "silver sintering")

    def take_back() -> None:
        take_back_term(
            session,
            incubator=incubator,
            public_id=term.public_id,
            actor=act_as(operator),
            at=AT,
        )

    take_back()
    with pytest.raises(NotFound):
        take_back()
    assert add("wafer back thinning", "WBT").added_version == 3


def test_operators_add_and_take_back_on_a_page(app: Flask, client: FlaskClient) -> None:
    with app.app_context():
        operator, founder = make_person(db.session), make_person(db.session)
        incubator = make_incubator(db.session, operator=operator)
        make_startup(db.session, founder=founder, incubator=incubator)
        path = f"/incubators/{incubator.public_id}/terms"
        db.session.commit()
        for person in (operator, founder):
            db.session.refresh(person)
        db.session.expunge_all()
    log_in(client, operator)
    form = {"chinese": "碳化硅，黑片", "english": "", "abbreviations": ""}
    for wrong in ({"chinese": ""}, {"english": "test"}, {"english": "a" * 61}):
        assert post(client, path, **(form | wrong)).status_code == 422, wrong
    assert post(client, path, **form).status_code == 303
    assert post(client, path, **form).status_code == 409
    page = unescape(client.get(path).get_data(as_text=True))
    # What the shipped table makes of a form is said.
    assert "碳化硅 = 黑片" in page
    assert "silicon carbide" in page
    with app.app_context():
        term = db.session.scalars(select(IncubatorTerm)).one().public_id
    client.post("/log-out")
    log_in(client, founder)
    assert client.get(path).status_code == 403
    assert post(client, f"{path}/{term}/take-back").status_code == 403
    client.post("/log-out")
    log_in(client, operator)
    assert post(client, f"{path}/{term}/take-back").status_code == 303
    assert post(client, f"{path}/{term}/take-back").status_code == 404
