"""Files by programs: in a form, as large as a page takes them, and no larger."""

from io import BytesIO
from typing import Any

import pytest
from flask import Flask
from werkzeug.datastructures import FileStorage
from werkzeug.test import TestResponse, encode_multipart

from app.extensions import db
from app.web.limits import REQUEST_BYTES, STRANGERS_BYTES
from models.orm import new_public_id
from models.tokens import ApiToken
from tests.app.web.programs import Program
from tests.app.web.test_api_walk import Site

pytestmark = [pytest.mark.api, pytest.mark.parametrize("dialect", ["sqlite"], indirect=True)]

LARGE = b"Yield by wafer.\n" * 60_000
SAID = {"kind": "other", "declared": "true"}


@pytest.fixture
def site(app: Flask) -> Site:
    return Site(app)


def upload(
    program: Program, path: str, fields: dict[str, Any], key: str = "", token: str | None = None
) -> TestResponse:
    """Send a form as a program does; bytes among `fields` are files, each with its name."""
    form = {
        name: FileStorage(BytesIO(value[1]), value[0]) if isinstance(value, tuple) else value
        for name, value in fields.items()
    }
    head = {
        "Authorization": f"Bearer {program.secret if token is None else token}",
        "Idempotency-Key": key or new_public_id(),
    }
    boundary, body = encode_multipart(form)
    return program.app.test_client().post(
        f"/api/v1{path}",
        data=body,
        content_type=f"multipart/form-data; boundary={boundary}",
        headers=head,
    )


def test_a_document_comes_in_a_form_and_its_file_is_as_it_was(site: Site) -> None:
    path = f"/organisations/startup-{site.startup}/documents"
    kept = upload(site.founder, path, SAID | {"content": ("yield.txt", LARGE)}, key="first")
    assert kept.status_code == 201, kept.text
    (version,) = kept.json["versions"]
    assert (version["filename"], version["size"]) == ("yield.txt", len(LARGE))
    found = f"/documents/{kept.json['id']}"
    assert site.founder.get(f"{found}/versions/newest/file").data == LARGE

    # Each sending has another line around its parts, and is the same request all the same.
    again = upload(site.founder, path, SAID | {"content": ("yield.txt", LARGE)}, key="first")
    assert (again.status_code, again.json["id"]) == (201, kept.json["id"])
    assert again.headers["Idempotent-Replayed"] == "true"
    other = upload(site.founder, path, SAID | {"content": ("yield.txt", b"Less")}, key="first")
    assert (other.status_code, other.json["code"]) == (422, "idempotency_key_reused")

    newer = upload(
        site.founder,
        f"{found}/versions",
        {"declared": "true", "filename": "newer.txt", "content": ("x.txt", LARGE + b"More")},
    )
    assert [each["filename"] for each in newer.json["versions"]] == ["newer.txt", "yield.txt"]


def test_an_import_comes_in_a_form(site: Site) -> None:
    lines = ["name,fields,can_help_with"]
    lines += [f"Mentor {n},semiconductors,{'Yield of wafers. ' * 20}" for n in range(1000)]
    table = "\n".join(lines).encode()
    assert len(table) > STRANGERS_BYTES
    path = f"/incubators/{site.incubator}/imports"
    seen = upload(site.operator, path, {"kind": "mentors", "content": ("mentors.csv", table)})
    assert seen.status_code == 201, seen.text
    assert sum(seen.json["rows"].values()) == 1000
    assert seen.json["filename"] == "mentors.csv"


def test_what_is_wrong_with_a_form_is_said_of_its_fields(site: Site) -> None:
    path, file = f"/organisations/startup-{site.startup}/documents", ("a.txt", b"A")
    wrong: tuple[tuple[dict[str, Any], str], ...] = (
        ({"content": "QQ=="}, "/content"),
        ({}, "/content"),
        ({"content": [FileStorage(BytesIO(b"A"), "a.txt") for _ in range(2)]}, "/content"),
        ({"content": file, "unknown": "x"}, "/unknown"),
        ({"content": file, "title": ("b.txt", b"B")}, "/title"),
        ({"content": file, "declared": "yes"}, "/declared"),
        ({"content": file, "kind": ["other", "other"]}, "/kind"),
        ({"content": file, "title": "a\0b"}, "/title"),
        ({"content": file, "filename": ""}, "/filename"),
    )
    for fields, pointer in wrong:
        answer = upload(site.founder, path, SAID | fields)
        assert (answer.status_code, answer.json["code"]) == (422, "fields_invalid"), answer.text
        assert pointer in [each["pointer"] for each in answer.json["errors"]], answer.text


def test_what_is_too_large_or_comes_without_a_good_token_is_refused(app: Flask, site: Site) -> None:
    path = f"/organisations/startup-{site.startup}/documents"
    fields = SAID | {"content": ("yield.txt", LARGE)}
    limit = app.extensions["yinqiao_settings"].file_megabytes * 1_000_000
    heavy = upload(site.founder, path, SAID | {"content": ("a.txt", b"a" * (limit + 2_000_000))})
    assert heavy.status_code == 413
    over = upload(site.founder, path, SAID | {"content": ("a.txt", b"a" * (limit + 1))})
    assert (over.status_code, over.json["code"]) == (422, "file_too_heavy")
    rows = upload(
        site.operator,
        f"/incubators/{site.incubator}/imports",
        {"kind": "mentors", "content": ("a.csv", b"a" * REQUEST_BYTES)},
    )
    assert rows.status_code == 413
    # A form is for files: where none is taken it is no body.
    assert upload(site.founder, "/needs", {"title": "Yield"}).status_code == 415

    for forged in ("", "yq_forged", site.founder.secret[:-1]):
        assert upload(site.founder, path, fields, token=forged).status_code == 413
        assert upload(site.founder, path, SAID, token=forged).status_code == 401
    with app.app_context():
        token = db.session.get_one(ApiToken, site.founder.token_id)
        token.revoked_at = token.created_at
        db.session.commit()
    revoked = upload(site.founder, path, fields)
    assert (revoked.status_code, revoked.json["code"]) == (401, "token_invalid")


def test_the_document_says_what_a_form_has(app: Flask) -> None:
    from app.web.api import get_document

    with app.app_context():
        document = get_document()
    path = document["paths"]["/api/v1/organisations/{owner}/documents"]
    content = path["post"]["requestBody"]["content"]
    assert set(content) == {"application/json", "multipart/form-data"}
    schemas = document["components"]["schemas"]
    form, plain = schemas["NewDocumentForm"], schemas["NewDocument"]
    assert form["properties"]["content"]["format"] == "binary"
    assert plain["properties"]["content"]["format"] == "byte"
    assert set(plain["required"]) - set(form["required"]) == {"filename"}
