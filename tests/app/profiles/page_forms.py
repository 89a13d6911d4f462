"""Reads the forms of a page and sends them as a browser without JavaScript would."""

from collections.abc import Mapping
from html.parser import HTMLParser
from typing import Any

from flask.testing import FlaskClient
from werkzeug.datastructures import MultiDict
from werkzeug.test import TestResponse


class _FormReader(HTMLParser):
    """Collects the fields of every form, by the address that it sends to."""

    def __init__(self) -> None:
        super().__init__()
        self.forms: list[tuple[str, MultiDict[str, str]]] = []
        self._inside = False
        self._area: str | None = None
        self._text = ""
        self._select: str | None = None
        self._options: list[tuple[str, bool]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        at = {name: value if value is not None else "" for name, value in attrs}
        if tag == "form":
            self._inside = True
            self.forms.append((at.get("action", ""), MultiDict()))
        elif not self._inside:
            return
        elif tag == "input" and at.get("name"):
            is_box = at.get("type") in ("checkbox", "radio")
            if not is_box or "checked" in at:
                self._add(at["name"], at.get("value", "on" if is_box else ""))
        elif tag == "textarea":
            self._area, self._text = at["name"], ""
        elif tag == "select":
            self._select, self._options = at["name"], []
        elif tag == "option" and self._select:
            self._options.append((at.get("value", ""), "selected" in at))

    def handle_data(self, data: str) -> None:
        if self._area is not None:
            self._text += data

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._inside = False
        elif tag == "textarea" and self._area is not None:
            self._add(self._area, self._text.removeprefix("\r\n").removeprefix("\n"))
            self._area = None
        elif tag == "select" and self._select is not None:
            chosen = [value for value, selected in self._options if selected]
            self._add(self._select, (chosen or [self._options[0][0]])[0])
            self._select = None

    def _add(self, name: str, value: str) -> None:
        self.forms[-1][1].add(name, value)


def read_form(html: str, field: str) -> MultiDict[str, str]:
    """The fields, as they are filled in, of the one form that has one called `field`."""
    reader = _FormReader()
    reader.feed(html)
    (form,) = (form for _, form in reader.forms if field in form)
    return form


def read_action(html: str, action: str) -> MultiDict[str, str]:
    """The fields of the one form that sends to `action`."""
    reader = _FormReader()
    reader.feed(html)
    (form,) = (form for sends_to, form in reader.forms if sends_to == action)
    return form


def fill_in(
    client: FlaskClient, path: str, typed: Mapping[str, Any], *, do: str = "save"
) -> TestResponse:
    """Open the form at `path`, change what `typed` says, and press the button called `do`."""
    page = client.get(path)
    assert page.status_code == 200, page.text
    return send(client, path, read_form(page.text, "name"), typed, do=do)


def send(
    client: FlaskClient,
    path: str,
    form: MultiDict[str, str],
    typed: Mapping[str, Any],
    *,
    do: str = "save",
) -> TestResponse:
    """Send `form` with the changes of `typed`; a list stands for boxes, None leaves a field out."""
    fields = MultiDict(form)
    for name, value in typed.items():
        fields.poplist(name)
        for one in value if isinstance(value, list) else [value]:
            if one is not None:
                fields.add(name, one)
    fields["do"] = do
    return client.post(path, data=fields)


def press(client: FlaskClient, page_path: str, action: str) -> TestResponse:
    """Press the button of the one-button form on a page that sends to `action`."""
    page = client.get(page_path)
    assert page.status_code == 200, page.text
    return client.post(action, data=read_action(page.text, action))
