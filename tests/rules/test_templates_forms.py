"""Pages: every form that changes something carries its token, every page says its language."""

import re
from pathlib import Path

import pytest

from tests.rules.project import list_files, name_of

TEMPLATES = list_files("app/templates", [".html"])
PAGES = [path for path in TEMPLATES if '{% extends "layout.html" %}' in path.read_text("utf-8")]

FORM = re.compile(r"<form\b(?P<attributes>[^>]*)>(?P<inside>.*?)</form>", re.DOTALL)
POSTS = re.compile(r"""\bmethod=["']post["']""", re.IGNORECASE)
# The field written out, the one of a FlaskForm, all fields of a form in a row, or the macro with
# which the forms of profiles begin.
TOKEN = re.compile(
    r"""name=["']csrf_token["']\s+value=["']\{\{ csrf_token\(\) \}\}["']"""
    r"|\{\{ (?:render\()?\w*form\.csrf_token\)? \}\}"
    r"|\{% for field in \w*form %\}\s*\{\{ render\(field\) \}\}"
    r"|\{\{ opening\(form, [^}]*\) \}\}"
)


def list_unguarded(source: str) -> list[str]:
    """The attributes of each form in `source` that posts without a token."""
    return [
        form["attributes"].strip()
        for form in FORM.finditer(source)
        if POSTS.search(form["attributes"]) and not TOKEN.search(form["inside"])
    ]


@pytest.mark.parametrize("path", TEMPLATES, ids=name_of)
def test_every_form_that_posts_carries_a_token(path: Path) -> None:
    assert list_unguarded(path.read_text(encoding="utf-8")) == []


@pytest.mark.parametrize(
    ("source", "unguarded"),
    [
        ('<form method="post" action="/x"><button>Go</button></form>', 1),
        ('<form\n  method="POST"><input name="csrf_token" value=""></form>', 1),
        ('<form method="post"><input name="csrf_token" value="{{ csrf_token() }}"></form>', 0),
        ('<form method="post">{% for field in form %}{{ render(field) }}{% endfor %}</form>', 0),
        ('<form method="post">{{ render(form.name) }}</form>', 1),
        ('<form method="post">{{ reset_form.csrf_token }}</form>', 0),
        ('<form method="get"><input name="q"></form>', 0),
    ],
)
def test_a_form_without_a_token_is_found(source: str, unguarded: int) -> None:
    assert len(list_unguarded(source)) == unguarded


def test_the_macro_that_begins_a_profile_holds_the_token() -> None:
    (path,) = (path for path in TEMPLATES if name_of(path).endswith("profiles/_form.html"))
    macro = path.read_text(encoding="utf-8").partition("{% macro opening(form")[2]
    assert TOKEN.search(macro.partition("{% endmacro %}")[0])


# What is read without the site has a frame of its own.
FRAMES = {"layout.html", "archive.html"}


def test_one_frame_says_the_language_of_every_page() -> None:
    framed = {
        path.name: source
        for path in TEMPLATES
        if "<html" in (source := path.read_text(encoding="utf-8"))
    }
    assert set(framed) == FRAMES
    assert all('<html lang="{{ html_language() }}">' in source for source in framed.values())


@pytest.mark.parametrize("path", PAGES, ids=name_of)
def test_every_page_has_a_title_and_one_heading_of_the_first_rank(path: Path) -> None:
    source = path.read_text(encoding="utf-8")
    assert "{% block title %}" in source
    assert source.count("<h1") == 1
