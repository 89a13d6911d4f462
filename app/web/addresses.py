"""Telling addresses apart: those of this site, so that no redirect leads away from it, and those
of the web, so that no link runs something in a reader's browser."""

from urllib.parse import urlsplit


def is_own_path(path: str) -> bool:
    """Whether `path` is a plain path of this site (`/needs?x=1`), and not a way to another host."""
    if not path.startswith("/") or path.startswith(("//", "/\\")):
        return False
    if any(character in path for character in "\\\r\n\t") or not path.isprintable():
        return False
    parts = urlsplit(path)
    return not parts.scheme and not parts.netloc


def is_web_address(text: str) -> bool:
    """Whether `text` is a whole address of the web, beginning with http:// or https://."""
    try:
        parts = urlsplit(text)
        return parts.scheme in ("http", "https") and bool(parts.hostname) and " " not in text
    except ValueError:
        return False
