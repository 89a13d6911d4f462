"""What figures a page shows as a reader finds them: beside words, in rows, after headings."""

import re
from typing import Any

from flask.testing import FlaskClient

_FACT = re.compile(r"<dt[^>]*>(.*?)</dt>\s*<dd[^>]*>(.*?)</dd>", re.DOTALL)
_HEADING = re.compile(r"<h2[^>]*>(.*?)</h2>", re.DOTALL)
_ROW = re.compile(r"<tr>(.*?)</tr>", re.DOTALL)
_CELL = re.compile(r"<t[hd][^>]*>(.*?)</t[hd]>", re.DOTALL)
_CARD = re.compile(r'<li class="card-row">(.*?)</li>', re.DOTALL)


def visit(client: FlaskClient, path: str, **query: Any) -> str:
    """The page for whoever is logged in now: in a context around it another one would still be."""
    with client.application.app_context():
        return client.get(path, query_string=query).text


def say(yuan: int) -> str:
    """An amount as pages in English say it."""
    return f"CNY {yuan:,}"


def strip(markup: str) -> str:
    """The words of it alone, with single spaces."""
    return " ".join(re.sub(r"<[^>]+>", " ", markup).replace("&nbsp;", " ").split())


def read_facts(page: str) -> dict[str, str]:
    """What stands beside each word of a list of facts."""
    return {strip(word): strip(value) for word, value in _FACT.findall(page)}


def read_headings(page: str) -> list[str]:
    """The headings, with their counts."""
    return [strip(heading) for heading in _HEADING.findall(page)]


def read_section(page: str, name: str) -> str:
    """The markup of the section with the id `name`."""
    return page.split(f'<section id="{name}"', 1)[1].split("</section>", 1)[0]


def read_rows(markup: str) -> list[list[str]]:
    """The cells of each row of a table, without the head."""
    body = markup.split("<tbody>", 1)[1].split("</tbody>", 1)[0]
    return [[strip(cell) for cell in _CELL.findall(row)] for row in _ROW.findall(body)]


def read_cards(page: str) -> list[str]:
    """The words of each card of a list."""
    return [strip(card) for card in _CARD.findall(page)]
