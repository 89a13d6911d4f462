"""Sending a form as a browser would: with the token against forgery, and saying from where."""

from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from itsdangerous import URLSafeTimedSerializer
from werkzeug.test import TestResponse

_RAW_TOKEN = "token of a test"


def post(client: FlaskClient, path: str, /, **fields: Any) -> TestResponse:
    """The answer to `fields`, sent to `path` by whoever `client` is, from a page of this site."""
    app: Flask = client.application
    with client.session_transaction() as cookie:
        cookie["csrf_token"] = _RAW_TOKEN
    token = URLSafeTimedSerializer(str(app.secret_key), salt="wtf-csrf-token").dumps(_RAW_TOKEN)
    return client.post(
        path, data=fields | {"csrf_token": token}, headers={"Origin": "http://localhost"}
    )
