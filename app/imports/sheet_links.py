"""Where cells of a workbook lead that only say “Website” or a name: the address behind the text."""

import re
import zipfile
from collections.abc import Mapping
from types import MappingProxyType
from typing import Final
from urllib.parse import unquote
from xml.etree import ElementTree  # nosec B405  # what has a document type is refused

from app.imports.sheet_comments import name_relations

_ADDRESS_LIMIT: Final = 300
_MAILTO: Final = re.compile(r"mailto:\s*([^?]*)(?:\?.*)?", re.IGNORECASE | re.DOTALL)
_WEB: Final = re.compile(r"(?:https?|ftp)://[^\s]+", re.IGNORECASE)


def read_links(
    archive: zipfile.ZipFile, sheet: str, links: Mapping[tuple[int, int], str]
) -> Mapping[tuple[int, int], str]:
    """The addresses to which cells of the part `sheet` lead, by row from 1 and column from 0.

    `links` has the relation of each, or "=" and the address. Places in the workbook and files are
    no addresses.
    """
    if not links:
        return links
    targets: dict[str, str] = {}
    relations = name_relations(sheet)
    if relations in archive.namelist():
        # What has a document type was refused before.
        for element in ElementTree.fromstring(archive.read(relations)):  # noqa: S314  # nosec B314
            targets[element.get("Id", "")] = element.get("Target", "")
    found = {}
    for cell, link in links.items():
        target = link[1:] if link.startswith("=") else targets.get(link, "")
        if address := read_target(target):
            found[cell] = address
    return MappingProxyType(found)


def read_target(target: str) -> str:
    """The address of mail or the web in a link; "" where it leads elsewhere."""
    target = unquote(target.strip()[:_ADDRESS_LIMIT])
    if mail := _MAILTO.fullmatch(target):
        return mail[1].strip() if "@" in mail[1] else ""
    return target if _WEB.fullmatch(target) else ""


def is_said(address: str, text: str) -> bool:
    """Whether a text says the address that it leads to, with or without what browsers add."""
    bare = re.sub(r"^https?://", "", address.strip(), flags=re.IGNORECASE).rstrip("/").casefold()
    return bare.removeprefix("www.") in text.casefold().replace("＠", "@")
