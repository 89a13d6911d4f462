"""Schemes as versioned data, and the list that comes with the product."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from sqlalchemy.orm import Session

from app.errors import ChangedMeanwhile, NotFound, NotPermitted
from app.vouchers.actions import schemes
from app.vouchers.catalogue import find_listed, list_listed
from app.vouchers.checking import make_document
from app.vouchers.errors import (
    SchemeDraftExists,
    SchemeFixed,
    SchemeIncomplete,
    SchemeUnfit,
    SchemeUnknown,
)
from app.vouchers.queries.offers import list_rows
from app.vouchers.values import SchemeValues, read_scheme
from models.lifecycle import ActionNotAllowed
from models.voucher_codes import CapFor, SourceGrade
from tests.app.vouchers.scenes import (
    VALUES,
    bring_voucher_to,
    by_officer,
    make_quoted,
    offer_scheme,
)
from tests.factories import AT

pytestmark = [
    pytest.mark.vouchers,
    pytest.mark.parametrize("dialect", ["sqlite"], indirect=True),
]


def test_a_voucher_stays_under_the_version_by_which_it_was_reserved(session: Session) -> None:
    scene, _order, voucher = bring_voucher_to(session, "reserved")
    first = voucher.scheme
    second = offer_scheme(session, scene, code=first.code, cap_yuan=20_000, share_bp=5000)

    assert (first.state, second.state, second.number) == ("replaced", "current", 2)
    assert (voucher.scheme_id, first.share_bp) == (first.id, 3333)
    (row,) = list_rows(session, scene.funds.startup, AT)
    # What was drawn of the version before counts against the cap of the next one.
    assert (row.cap_yuan, row.taken_yuan, row.left_yuan) == (20_000, 4_114, 15_886)
    with pytest.raises(SchemeFixed):
        schemes.edit_scheme(
            session,
            scheme=second,
            values=VALUES,
            version=second.version,
            actor=by_officer(scene),
            at=AT,
        )


def test_a_draft_is_whole_before_it_is_published(session: Session) -> None:
    scene, _order = make_quoted(session)
    draft: dict[str, Any] = {"incubator": scene.funds.incubator, "actor": by_officer(scene)}
    scheme = schemes.draft_scheme(session, values=SchemeValues(title="A"), **draft, at=AT)
    with pytest.raises(SchemeIncomplete):
        schemes.publish_scheme(
            session, scheme=scheme, version=scheme.version, actor=by_officer(scene), at=AT
        )
    with pytest.raises(SchemeDraftExists):
        schemes.draft_scheme(session, values=VALUES, code=scheme.code, **draft, at=AT)
    with pytest.raises(SchemeUnknown):
        schemes.draft_scheme(session, values=VALUES, code="none of the list", **draft, at=AT)
    with pytest.raises(ChangedMeanwhile):
        schemes.edit_scheme(
            session, scheme=scheme, values=VALUES, version=99, actor=by_officer(scene), at=AT
        )
    for actor in (scene.by_founder, scene.funds.by_outsider):
        with pytest.raises((NotPermitted, NotFound)):
            schemes.discard_scheme(session, scheme=scheme, actor=actor, at=AT)
    schemes.discard_scheme(session, scheme=scheme, actor=by_officer(scene), at=AT)


@pytest.mark.parametrize(
    "changes",
    [
        {"apply_until": date(2025, 12, 31)},
        {"claim_until": date(9999, 12, 31)},
        {"checked_on": date(2031, 1, 1)},
        {"source_url": "javascript:alert(1)"},
        {"cap_yuan": 0},
        {"cap_yuan": 10**30},
        {"share_bp": 10_001},
        {"other_cap_for": CapFor.TEAM},
        {"title": ""},
    ],
)
def test_what_cannot_be_is_refused(session: Session, changes: dict[str, Any]) -> None:
    scene, _order = make_quoted(session)
    with pytest.raises(SchemeUnfit):
        schemes.draft_scheme(
            session,
            incubator=scene.funds.incubator,
            values=replace(VALUES, **changes),
            actor=by_officer(scene),
            at=AT,
        )


def test_a_scheme_waits_goes_on_and_is_closed(session: Session) -> None:
    scene, _order = make_quoted(session)
    scheme = offer_scheme(session, scene)
    given: dict[str, Any] = {"scheme": scheme, "actor": by_officer(scene), "at": AT}
    schemes.pause_scheme(session, **given)
    assert scheme.state == "waiting"
    schemes.resume_scheme(session, **given)
    schemes.close_scheme(session, **given)
    assert (scheme.state, scheme.ended_at) == ("closed", AT)
    assert list_rows(session, scene.funds.startup, AT) == []
    with pytest.raises(ActionNotAllowed):
        schemes.resume_scheme(session, **given)


def test_the_list_says_how_good_its_sources_are(session: Session) -> None:
    assert len({each.code for each in list_listed()}) == len(list_listed()) == 6
    for each in list_listed():
        assert each.is_unverified, "nobody has compared any of them with an official text"
        assert each.values.source_title
        assert each.values.is_possible(AT.date())
        assert make_document(each.values)
    shanghai = find_listed("shanghai-innovation")
    assert shanghai is not None
    assert shanghai.values.grade is SourceGrade.LEAD_ONLY
    scene, _order = make_quoted(session)
    scheme = schemes.draft_scheme(
        session,
        incubator=scene.funds.incubator,
        values=shanghai.values,
        code=shanghai.code,
        actor=by_officer(scene),
        at=AT,
    )
    assert (scheme.number, scheme.is_unverified) == (1, True)
    assert read_scheme(scheme) == shanghai.values
    assert set(read_scheme(scheme).list_missing()) >= {"opens_on", "covers"}
