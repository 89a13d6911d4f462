"""Files from a program's side: looked at, corrected, applied, discarded."""

import base64
import json
from typing import Any

import pytest
from flask import Flask

from app.web.limits import STRANGERS_BYTES
from models.orm import new_public_id
from tests.app.imports.files import COMPLETE_MENTOR, make_csv_of
from tests.app.web.test_api_walk import Site

pytestmark = pytest.mark.api


@pytest.fixture
def site(app: Flask) -> Site:
    return Site(app)


def send(site: Site, *rows: Any, **values: Any) -> Any:
    content = base64.b64encode(make_csv_of(*rows)).decode()
    return site.operator.post(
        f"/incubators/{site.incubator}/imports",
        {"kind": "mentors", "filename": "mentors.csv", "content": content} | values,
        Idempotency_Key=new_public_id(),
    )


def test_a_file_is_looked_at_corrected_and_applied(site: Site) -> None:
    wrong = dict(COMPLETE_MENTOR) | {"邮箱": "no address"}
    made = send(site, wrong)
    assert made.status_code == 201, made.text
    assert (made.json["state"], made.json["rows"]["refused"]) == ("previewed", 1)
    path = f"/imports/{made.json['id']}"
    (row,) = site.operator.get(f"{path}/rows").json["items"]
    assert row["outcome"] == "wrong"
    assert row["values"]["place"] == "310115"
    assert row["remarks"] == ["E-mail address: This is not an e-mail address."]

    cells = row["cells"] | {"email": "sic.mentor@example.org"}
    corrected = site.operator.post(f"{path}/rows/{row['row']}", {"cells": cells})
    assert (corrected.status_code, corrected.json["outcome"]) == (200, "new")
    applied = site.operator.post(f"{path}/apply")
    assert (applied.status_code, applied.json["state"]) == (200, "applied")
    assert applied.json["dealt_with"] == 1
    pool = site.operator.get(f"/incubators/{site.incubator}/pool").json["items"]
    assert [each["provider_name"] for each in pool] == ["碳化硅工艺导师"]
    again = site.operator.post(f"{path}/apply")
    assert (again.status_code, again.json["code"]) == (409, "out_of_order")


def test_of_a_row_in_escapes_the_cell_that_is_too_long_is_named(site: Site) -> None:
    path = f"/imports/{send(site, COMPLETE_MENTOR).json['id']}/rows"
    (row,) = site.operator.get(path).json["items"]
    rare = "\U00020000"
    # As long as they may be, written as two escapes for each character.
    cells = dict.fromkeys(list(row["cells"])[:4], rare * 8100)
    whole = json.dumps({"cells": cells}).encode()
    assert len(whole) > STRANGERS_BYTES
    assert site.operator.post(f"{path}/{row['row']}", whole).status_code == 200
    too_long = json.dumps({"cells": cells | {"name": rare * 8_101}}).encode()
    refused = site.operator.post(f"{path}/{row['row']}", too_long)
    assert (refused.status_code, refused.json["code"]) == (422, "fields_invalid"), refused.text
    assert [each["pointer"].startswith("/cells/name") for each in refused.json["errors"]] == [True]
    endless = json.dumps({"cells": {"name": rare * 400_000}}).encode()
    assert site.operator.post(f"{path}/{row['row']}", endless).status_code == 413


def test_a_file_is_discarded(site: Site) -> None:
    path = f"/imports/{send(site, COMPLETE_MENTOR).json['id']}"
    assert site.operator.post(f"{path}/discard").json["state"] == "discarded"
    assert site.operator.get(f"{path}/rows").json == {"items": [], "next": None}
    assert site.operator.get("/imports").json["items"] == []


def test_rows_come_in_parts(site: Site) -> None:
    rows = [
        dict(COMPLETE_MENTOR) | {"邮箱": f"m{n}@example.org", "导师姓名": f"导师{n}"}
        for n in range(3)
    ]
    path = f"/imports/{send(site, *rows).json['id']}/rows"
    first = site.operator.get(f"{path}?limit=2").json
    rest = site.operator.get(f"{path}?limit=2&after={first['next']}").json
    assert [len(first["items"]), len(rest["items"]), rest["next"]] == [2, 1, None]
    assert site.operator.get(f"{path}?outcome=refused").json["items"] == []


def test_files_are_of_one_tenant(site: Site) -> None:
    made = send(site, COMPLETE_MENTOR).json
    for path in (f"/imports/{made['id']}", f"/imports/{made['id']}/rows"):
        assert site.stranger.get(path).status_code == 404
    assert site.stranger.post(f"/imports/{made['id']}/apply").status_code == 404
    assert site.stranger.get("/imports").json["items"] == []
    assert site.founder.get("/imports").status_code == 403


@pytest.mark.fuzz
@pytest.mark.parametrize(
    "values",
    [
        {"content": "no base64!"},
        {"content": base64.b64encode(b"\0\1\2").decode()},
        {"content": base64.b64encode(b"%PDF-1.7").decode()},
        {"content": ""},
        {"kind": "people"},
        {"sheet": "x" * 101},
    ],
)
def test_what_is_no_file_is_a_problem(site: Site, values: Any) -> None:
    answer = send(site, COMPLETE_MENTOR, **values)

    assert answer.status_code == 422, answer.text
    assert answer.content_type == "application/problem+json"


@pytest.mark.fuzz
def test_what_is_no_correction_is_a_problem(site: Site) -> None:
    path = f"/imports/{send(site, COMPLETE_MENTOR).json['id']}/rows"
    assert site.operator.post(f"{path}/2", {"cells": {"never": "x"}}).status_code == 422
    assert site.operator.post(f"{path}/2", {"cells": {"name": 7}}).status_code == 422
    for number in ("0", "99999", "x", "２", "9" * 30):
        assert site.operator.post(f"{path}/{number}", {"cells": {}}).status_code == 404
