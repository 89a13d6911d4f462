"""The rooms as they are declared, and what is put together of them."""

from collections import Counter

import pytest
from flask import Flask

from app.rooms import ROOMS
from tests.rules.project import ROOT

pytestmark = pytest.mark.parametrize("dialect", ["sqlite"], indirect=True)


def test_every_room_has_a_folder_and_a_name_of_its_own(app: Flask) -> None:
    names = Counter(room.name for room in ROOMS)

    assert set(names.values()) == {1}
    assert [name for name in names if not (ROOT / "app" / name / "declaration.py").exists()] == []


def test_every_folder_that_declares_a_room_is_listed(app: Flask) -> None:
    declared = {path.parent.name for path in (ROOT / "app").glob("*/declaration.py")}

    assert declared == {room.name for room in ROOMS}


def test_menu_entries_lead_to_pages_and_stand_in_an_order(app: Flask) -> None:
    entries = [entry for room in ROOMS for entry in room.menu]

    assert [entry.endpoint for entry in entries if entry.endpoint not in app.view_functions] == []
    assert len({entry.place for entry in entries}) == len(entries)
    known = app.view_functions.keys() | app.blueprints.keys()
    assert [name for entry in entries for name in entry.covers if name not in known] == []
    covered = Counter(name for entry in entries for name in entry.covers)
    assert [name for name, times in covered.items() if times > 1] == []


def test_jobs_have_names_of_their_own(app: Flask) -> None:
    from app.jobs import list_jobs

    names = Counter(job.name for job in list_jobs(app))
    assert set(names.values()) == {1}
    assert {"deliver mail", "expire requests", "carry out imports"} <= set(names)
