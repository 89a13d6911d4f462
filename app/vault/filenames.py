"""Names of files: made safe when they come, and put into headers when they go."""

import re
import unicodedata
from typing import Final
from urllib.parse import quote

from models.canonical import canonical_line
from models.documents import FILENAME_LIMIT

# File systems hold names to this length, and a Chinese character takes three bytes of it.
_BYTES_LIMIT: Final = 240

# What has a meaning to some file system or shell.
_UNSAFE: Final = frozenset('<>:"/\\|?*')
_RESERVED: Final = re.compile(r"(?i)^(con|prn|aux|nul|com[0-9]|lpt[0-9])(\..*)?$")

# RFC 8187, 3.2.1: what may stand in an extended value as it is, beside letters and figures.
_ATTRIBUTE_CHARACTERS: Final = "!#$&+-.^_`|~"


def make_safe_name(sent: str) -> str:
    """The last part of the name that was `sent`, as any system can keep it, with its ending.

    At most `FILENAME_LIMIT` characters on one line, in NFC; never empty, hidden or reserved.
    """
    last = sent[-4_000:].replace("\\", "/").rsplit("/", 1)[-1]
    # What cannot be seen goes too: a mark that turns the direction of reading would make a name
    # look as if it ended differently.
    known = unicodedata.normalize("NFC", last.encode(errors="replace").decode())
    name = "".join(
        "_" if character in _UNSAFE or not character.isprintable() else character
        for character in known
    )
    name = canonical_line(name).strip(" .")
    stem, dot, ending = name.rpartition(".")
    if not dot:
        stem, ending = name, ""
    stem, ending = stem.rstrip(" ."), ending[:10]
    if not stem or _RESERVED.match(name):
        stem = f"_{stem}"
    room = FILENAME_LIMIT - len(dot + ending)
    stem = stem[:room]
    while len(f"{stem}{dot}{ending}".encode()) > _BYTES_LIMIT:
        stem = stem[:-1]
    return f"{stem}{dot}{ending}"


def get_ending(name: str) -> str:
    """What stands after the last point, in lower case; "" where there is none."""
    return name.rpartition(".")[2].lower() if "." in name else ""


def make_disposition(name: str, *, number: int) -> str:
    """The header that has a browser save the file under `name` (RFC 6266, 4 and appendix D).

    Programs that do not read extended values get a plain name made of `number`.
    """
    plain = name if name.isascii() and "%" not in name else f"document-{number}.{get_ending(name)}"
    extended = quote(name, safe=_ATTRIBUTE_CHARACTERS)
    return f"attachment; filename=\"{plain}\"; filename*=UTF-8''{extended}"
