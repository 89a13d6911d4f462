"""Pages: templates compile, lead somewhere, keep style and script out, ask no other host."""

import re
from pathlib import Path

import pytest
from flask import Flask
from jinja2 import StrictUndefined, nodes
from jinja2.meta import find_referenced_templates

from tests.rules.project import ROOT, list_files, name_of

TEMPLATES = ROOT / "app/templates"
MARKUP = list_files("app/templates", [".html", ".svg"])
STATIC = list_files("app/static", [".css", ".js", ".svg", ".html", ".webmanifest"])

# The content security policy refuses these, silently, in the reader's browser.
INLINE = re.compile(r"\sstyle=|<style\b|<script\b(?![^>]*\bsrc=)|\son[a-z]+=[\"']|javascript:")

LOADS_FROM_ANOTHER_HOST = re.compile(
    r"\b(?:src|href|srcset|action|formaction|poster|data)=[\"'](?:https?:)?//", re.IGNORECASE
)
# The names of two languages of markup look like addresses, but nobody asks for them.
ANOTHER_HOST = re.compile(r"[\"'(]\s*(?:https?:)?//(?!www\.w3\.org/(?:2000/svg|1999/xlink))\w")

# What Jinja reads is no markup: a macro may have an argument called style.
JINJA = re.compile(r"\{%.*?%\}|\{\{.*?\}\}|\{#.*?#\}", re.DOTALL)

# One database is enough to read templates.
on_sqlite = pytest.mark.parametrize("dialect", ["sqlite"], indirect=True)


def list_own_templates(app: Flask) -> list[str]:
    return [path.relative_to(TEMPLATES).as_posix() for path in MARKUP] + [
        name for name in app.jinja_env.list_templates(["txt"]) if (TEMPLATES / name).exists()
    ]


def parse(app: Flask, name: str) -> nodes.Template:
    return app.jinja_env.parse((TEMPLATES / name).read_text(encoding="utf-8"), name)


def list_constant_calls(app: Flask, function: str) -> list[tuple[str, nodes.Call, str]]:
    """Template, call and first argument of each call of `function` that names a constant."""
    return [
        (name, call, str(call.args[0].value))
        for name in list_own_templates(app)
        for call in parse(app, name).find_all(nodes.Call)
        if isinstance(call.node, nodes.Name)
        and call.node.name == function
        and call.args
        and isinstance(call.args[0], nodes.Const)
    ]


@on_sqlite
def test_every_template_compiles_and_minds_what_is_undefined(app: Flask) -> None:
    assert app.jinja_env.undefined is StrictUndefined
    for name in list_own_templates(app):
        assert app.jinja_env.get_template(name).name == name


@on_sqlite
def test_what_a_template_builds_on_exists(app: Flask) -> None:
    known = set(app.jinja_env.list_templates())
    asked = {
        (name, target)
        for name in list_own_templates(app)
        for target in find_referenced_templates(parse(app, name))
        if target is not None
    }
    assert asked
    assert {(name, target) for name, target in asked if target not in known} == set()


@on_sqlite
def test_every_link_has_a_view(app: Flask) -> None:
    calls = list_constant_calls(app, "url_for")
    assert calls
    assert [(name, to) for name, _, to in calls if to not in app.view_functions] == []


def test_who_keeps_documents_is_named_as_addresses_name_them() -> None:
    """By `name_owner`, which says also what they are: an id alone leads nowhere."""
    named = [
        (name_of(path), how)
        for path in MARKUP
        for how in re.findall(r"\bowner=([\w.]+\(?)", path.read_text(encoding="utf-8"))
    ]
    assert named
    # In a sentence the owner goes by name.
    leads = [each for each in named if not each[1].endswith(".name")]
    assert [each for each in leads if each[1] not in {"owner_name", "name_owner("}] == []


@on_sqlite
def test_every_file_that_a_page_asks_for_exists(app: Flask) -> None:
    asked = [
        (name, str(argument.value.value))
        for name, call, endpoint in list_constant_calls(app, "url_for")
        if endpoint == "static"
        for argument in call.kwargs
        if argument.key == "filename" and isinstance(argument.value, nodes.Const)
    ]
    assert asked
    assert [(name, file) for name, file in asked if not (ROOT / "app/static" / file).exists()] == []


@pytest.mark.parametrize("path", MARKUP, ids=name_of)
def test_style_and_script_are_in_files_of_their_own(path: Path) -> None:
    assert INLINE.findall(JINJA.sub("", path.read_text(encoding="utf-8"))) == []


@pytest.mark.parametrize("path", MARKUP, ids=name_of)
def test_no_page_loads_from_another_host(path: Path) -> None:
    assert LOADS_FROM_ANOTHER_HOST.findall(path.read_text(encoding="utf-8")) == []


@pytest.mark.parametrize("path", STATIC, ids=name_of)
def test_no_served_file_asks_another_host(path: Path) -> None:
    assert ANOTHER_HOST.findall(path.read_text(encoding="utf-8")) == []


@pytest.mark.parametrize(
    ("pattern", "caught", "allowed"),
    [
        (INLINE, '<p style="color:red">', '<p class="style">'),
        (INLINE, "<script>go()</script>", '<script type="module" src="/a.js"></script>'),
        (INLINE, '<a onclick="go()">', '<a class="onward">'),
        (LOADS_FROM_ANOTHER_HOST, '<img src="//cdn.example/a.png">', '<img src="/static/a.png">'),
        (ANOTHER_HOST, "@import url(https://fonts.example/x)", "url(/static/x)"),
        (ANOTHER_HOST, 'fetch("https://x.example")', 'xmlns="http://www.w3.org/2000/svg"'),
    ],
)
def test_the_patterns_catch_what_they_are_for(
    pattern: re.Pattern[str], caught: str, allowed: str
) -> None:
    assert pattern.search(caught)
    assert not pattern.search(allowed)


@on_sqlite
def test_no_page_sets_what_the_frame_sets_over_it(app: Flask) -> None:
    """What is set outside of blocks is shared, and the frame, which runs last, would win."""

    def list_set(name: str) -> set[str]:
        return {
            each.target.name
            for each in parse(app, name).body
            if isinstance(each, nodes.Assign) and isinstance(each.target, nodes.Name)
        }

    of_frame = list_set("layout.html")
    assert of_frame, "the frame sets something"
    clashes = {
        name: found
        for name in list_own_templates(app)
        if name != "layout.html" and (found := of_frame & list_set(name))
    }
    assert clashes == {}
