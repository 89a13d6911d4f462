"""Sending a form as a browser would: with the token against forgery, and saying from where."""

from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from itsdangerous import URLSafeTimedSerializer
from werkzeug.test import TestResponse

RAW_TOKEN = "token of a test"


def sign_form_token(app: Flask) -> str:
    """The token that the forms of `app` carry for a browser whose cookie holds `RAW_TOKEN`."""
    signer = URLSafeTimedSerializer(str(app.secret_key), salt="wtf-csrf-token")
    return str(signer.dumps(RAW_TOKEN))


def post(client: FlaskClient, path: str, /, **fields: Any) -> TestResponse:
    """The answer to `fields`, sent to `path` by whoever `client` is, from a page of this site."""
    app: Flask = client.application
    with client.session_transaction() as cookie:
        cookie["csrf_token"] = RAW_TOKEN
    token = sign_form_token(app)
    return client.post(
        path, data=fields | {"csrf_token": token}, headers={"Origin": "http://localhost"}
    )
