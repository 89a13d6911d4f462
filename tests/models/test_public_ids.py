"""What anybody may have typed in place of a public id is looked for and found nowhere."""

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from models.orm import Base, PublicId

pytestmark = pytest.mark.fuzz


def test_a_nul_in_place_of_an_id_finds_nothing_anywhere(session: Session) -> None:
    named = [
        mapper.class_ for mapper in Base.registry.mappers if issubclass(mapper.class_, PublicId)
    ]
    assert len(named) > 50
    for kind in named:
        found = select(kind.id).where(kind.public_id.in_(["a\0b", "\0"]) | (kind.public_id == "\0"))
        assert session.scalars(found).all() == []
