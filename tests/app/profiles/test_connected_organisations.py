"""Organisations that bind a startup or a provider: typed by kind, seen by its own people alone."""

from collections.abc import Callable
from contextlib import AbstractContextManager

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from models.affiliations import Affiliation
from models.organisations import Startup
from models.people import Person
from models.providers import Provider
from models.vocabulary import ProviderKind, Role
from tests.app.profiles.page_forms import fill_in, read_form
from tests.factories import join, log_in, make_person, make_provider, make_startup

Committed = Callable[[], AbstractContextManager[Session]]

OF_STARTUP = {
    "shareholders": ("River Fund Co., Ltd.", "Hill Fund (example)"),
    "employers": ("示例大学",),
    "competitors": ("Rival Devices Inc.",),
    "affiliations": ("Old lab (example)",),
}
OF_PROVIDER = {
    "shareholders": ("Parent Group (example)",),
    "portfolio": ("Rival Devices Inc.", "Second (example)"),
    "advised": ("Third (example)",),
    "affiliations": ("Old lab (example)",),
}


def type_in(names: dict[str, tuple[str, ...]]) -> dict[str, str]:
    return {field: "\r\n".join(of_kind) for field, of_kind in names.items()}


def test_a_startup_names_them_by_kind_and_finds_them_again(
    client: FlaskClient, person: Person, committed: Committed
) -> None:
    with committed() as session:
        startup = make_startup(session, founder=session.get(Person, person.id))
        path = f"/startups/{startup.public_id}"
    log_in(client, person)
    assert fill_in(client, f"{path}/edit", type_in(OF_STARTUP)).status_code == 303
    with committed() as session:
        startup = session.scalars(select(Startup)).one()
        assert {kind: getattr(startup, kind) for kind in OF_STARTUP} == OF_STARTUP
        kept = {row.id for row in startup.affiliation_rows}
    form = read_form(client.get(f"{path}/edit").get_data(as_text=True), "shareholders")
    assert form["shareholders"] == "River Fund Co., Ltd.\nHill Fund (example)"
    page = client.get(path).get_data(as_text=True)
    assert all(name in page for names in OF_STARTUP.values() for name in names)
    # Another order keeps the rows, and what is no longer named is gone.
    changed = OF_STARTUP | {"shareholders": OF_STARTUP["shareholders"][::-1], "competitors": ()}
    assert fill_in(client, f"{path}/edit", type_in(changed)).status_code == 303
    with committed() as session:
        startup = session.scalars(select(Startup)).one()
        assert {kind: getattr(startup, kind) for kind in OF_STARTUP} == changed
        assert {row.id for row in startup.affiliation_rows} < kept
        session.delete(startup)
        session.flush()
        assert session.scalars(select(Affiliation)).all() == []


@pytest.mark.privacy
@pytest.mark.parametrize("kind", list(ProviderKind))
def test_a_provider_names_them_for_itself_alone(
    client: FlaskClient, person: Person, committed: Committed, kind: ProviderKind
) -> None:
    expected = OF_PROVIDER | ({"shareholders": ()} if kind is ProviderKind.MENTOR else {})
    typed = type_in(OF_PROVIDER)
    if kind is ProviderKind.MENTOR:
        del typed["shareholders"]
    with committed() as session:
        provider = make_provider(session, kind, person=session.get(Person, person.id))
        if provider.mentor is not None:
            provider.mentor.help_modes = ["strategy"]  # type: ignore[list-item]
        founder = make_person(session)
        join(session, founder, Role.FOUNDER, startup=make_startup(session))
        path = f"/providers/{provider.public_id}"
        session.commit()
        session.refresh(founder)
        session.expunge(founder)
    log_in(client, person)
    assert fill_in(client, f"{path}/edit", typed).status_code == 303
    with committed() as session:
        provider = session.scalars(select(Provider)).one()
        assert {field: getattr(provider, field) for field in OF_PROVIDER} == expected
    own = client.get(path).get_data(as_text=True)
    log_in(client, founder)
    of_others = client.get(path).get_data(as_text=True)
    for name in (name for names in expected.values() for name in names):
        assert name in own
        assert name not in of_others
