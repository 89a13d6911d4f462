"""Telling paths of this site from other addresses, so that no redirect leads away from it."""

from urllib.parse import urlsplit


def is_own_path(path: str) -> bool:
    """Whether `path` is a plain path of this site (`/needs?x=1`), and not a way to another host."""
    if not path.startswith("/") or path.startswith(("//", "/\\")):
        return False
    if any(character in path for character in "\\\r\n\t") or not path.isprintable():
        return False
    parts = urlsplit(path)
    return not parts.scheme and not parts.netloc
