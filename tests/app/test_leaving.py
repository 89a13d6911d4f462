"""Every room that stores something of people has its part in an erasure."""

from app.leaving import Erasing
from app.rooms import ERASINGS, ROOMS
from models.erasure import Fate, list_erasure_words
from models.orm import Base
from tests.rules.project import ROOT

# Carries erasures out, and has nothing of its own.
WITHOUT_PART = {"privacy"}


def test_whoever_has_an_erasing_declares_it() -> None:
    files = {path.parent.name for path in (ROOT / "app").glob("*/erasing.py")} - WITHOUT_PART
    assert {room.name for room in ROOMS if room.erasing is not None} == files


def test_rooms_erase_in_the_reverse_order_of_the_house() -> None:
    assert list(ERASINGS) == [room.erasing for room in reversed(ROOMS) if room.erasing]
    assert all(isinstance(part, Erasing) for part in ERASINGS)


def test_every_table_that_is_to_be_emptied_is_known_to_a_room() -> None:
    """Where nothing but a foreign key deletes the rows, it is that of a table that is known."""
    emptied = {
        column.table.name
        for column, word in list_erasure_words(Base.metadata).items()
        if word.fate is Fate.EMPTIED
    }
    hanging = {
        table.name
        for table in Base.metadata.sorted_tables
        if any(key.ondelete == "CASCADE" for key in table.foreign_keys)
    }
    texts = "".join(
        path.read_text(encoding="utf-8")
        for folder in ("app/*/erasing.py", "app/privacy/*.py")
        for path in ROOT.glob(folder)
    )
    classes = {mapper.local_table.name: mapper.class_.__name__ for mapper in Base.registry.mappers}
    unknown = {name for name in emptied - hanging if classes[name] not in texts}
    assert unknown == set()
