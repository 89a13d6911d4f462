from dataclasses import replace
from pathlib import Path

import pytest
from flask import request
from flask.typing import ResponseReturnValue

from app import create_app
from app.settings import SettingInvalid, Settings, read_settings
from app.web.guard import public


def read(tmp_path: Path, **variables: str) -> Settings:
    return read_settings({"YINQIAO_INSTANCE_PATH": str(tmp_path / "instance")} | variables)


def test_nothing_has_to_be_set(tmp_path: Path) -> None:
    settings = read(tmp_path)

    assert settings.database_url == f"sqlite:///{tmp_path / 'instance' / 'yinqiao.db'}"
    assert settings.encoder == "bundled"
    assert settings.reranker == ""
    assert (
        settings.mail_files_days,
        read(tmp_path, YINQIAO_MAIL_FILES_DAYS="7").mail_files_days,
    ) == (30, 7)
    assert read(tmp_path, YINQIAO_RERANKER="own/cross").reranker == "own/cross"
    assert (settings.demonstration, settings.secure_cookies) == (False, False)


def test_the_secret_key_is_made_once_and_read_by_its_owner_alone(tmp_path: Path) -> None:
    first, second = read(tmp_path), read(tmp_path)

    assert first.secret_key == second.secret_key
    assert len(first.secret_key) >= 40
    assert (tmp_path / "instance" / "secret_key").stat().st_mode & 0o077 == 0
    assert first.secret_key not in repr(first)


def test_an_empty_secret_key_is_refused(tmp_path: Path) -> None:
    (tmp_path / "instance").mkdir()
    (tmp_path / "instance" / "secret_key").write_text("\n")

    with pytest.raises(SettingInvalid, match="is empty"):
        read(tmp_path)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("YINQIAO_DEMONSTRATION", "perhaps"),
        ("YINQIAO_SECURE_COOKIES", "2"),
        ("YINQIAO_PREVIEWS_PER_MINUTE", "0"),
        ("YINQIAO_PREVIEWS_PER_MINUTE", "ten"),
        ("YINQIAO_TRUSTED_PROXIES", "-1"),
        ("YINQIAO_MAIL_FILES_DAYS", "0"),
        ("YINQIAO_TRUSTED_PROXIES", "²"),
    ],
)
def test_a_value_that_cannot_be_used_is_named(tmp_path: Path, name: str, value: str) -> None:
    with pytest.raises(SettingInvalid, match=name):
        read(tmp_path, **{name: value})


@pytest.mark.parametrize(
    ("proxies", "seen"),
    [(0, "127.0.0.1 http"), (1, "203.0.113.9 https"), (2, "198.51.100.7 https")],
)
def test_only_trusted_proxies_say_who_asks(tmp_path: Path, proxies: int, seen: str) -> None:
    app = create_app(replace(read(tmp_path), trusted_proxies=proxies, testing=True))

    @app.get("/who")
    @public
    def tell() -> ResponseReturnValue:
        return f"{request.remote_addr} {request.scheme}"

    answer = app.test_client().get(
        "/who",
        headers={
            "X-Forwarded-For": "198.51.100.7, 203.0.113.9",
            "X-Forwarded-Proto": "https, https",
        },
    )

    assert answer.text == seen


GOOD_KEY = "3f" * 4 + "9c1b7ae2d40586f19c3b7ae2d405" * 2
WORLD = {
    "YINQIAO_PUBLIC_URL": "https://yinqiao.example.org",
    "YINQIAO_SECURE_COOKIES": "yes",
    "YINQIAO_SECRET_KEY": GOOD_KEY,
}


@pytest.mark.trust
@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("YINQIAO_SECRET_KEY", "x"),
        ("YINQIAO_SECRET_KEY", "changeme"),
        ("YINQIAO_SECRET_KEY", "a" * 64),
        ("YINQIAO_SECRET_KEY", "Please-Change-Me-0123456789-abcdefghijk"),
        ("YINQIAO_PUBLIC_URL", "http://yinqiao.example.org"),
        ("YINQIAO_PUBLIC_URL", "http://10.0.0.5:8000"),
        ("YINQIAO_PUBLIC_URL", "yinqiao.example.org"),
        ("YINQIAO_PUBLIC_URL", "https://["),
        ("YINQIAO_SECURE_COOKIES", "no"),
    ],
)
def test_what_must_not_face_the_world_is_refused_by_its_name(
    tmp_path: Path, name: str, value: str
) -> None:
    assert read(tmp_path, **WORLD).secret_key == GOOD_KEY
    with pytest.raises(SettingInvalid, match=name):
        read(tmp_path, **WORLD | {name: value})


@pytest.mark.trust
@pytest.mark.parametrize("url", ["http://127.0.0.1:8000", "http://localhost:9", "http://[::1]:80"])
def test_a_trial_on_this_machine_and_a_demonstration_need_no_key(tmp_path: Path, url: str) -> None:
    assert read(tmp_path, YINQIAO_PUBLIC_URL=url, YINQIAO_SECRET_KEY="x").secret_key == "x"
    shown = {"YINQIAO_PUBLIC_URL": "http://10.0.0.5", "YINQIAO_DEMONSTRATION": "yes"}
    assert read(tmp_path, **shown).demonstration


@pytest.mark.trust
def test_a_key_that_is_made_here_is_good_enough(tmp_path: Path) -> None:
    assert read(tmp_path, **WORLD | {"YINQIAO_SECRET_KEY": ""}).secret_key
