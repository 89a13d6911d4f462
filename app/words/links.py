"""Finds the address of the web that somebody means, in what they paste.

People leave out https://, type full-width colons, and paste a whole invitation to a meeting.
"""

import re
import unicodedata
from typing import Final
from urllib.parse import urlsplit

# Longer than any invitation.
_TEXT_LIMIT: Final = 5_000

_WITH_SCHEME: Final = re.compile(
    r"https?\s?:\s?//\s?[^\s<>\"'，。；、！？）】》」|]+", re.IGNORECASE
)
_BARE: Final = re.compile(
    r"(?<![@\w./:-])(?:[a-z0-9](?:[a-z0-9-]{0,62}[a-z0-9])?\.)+[a-z]{2,24}(?::[0-9]{2,5})?"
    r"(?:[/?#][^\s<>\"'，。；、！？）】》」|]*)?",
    re.IGNORECASE,
)
_OTHER_SCHEME: Final = re.compile(r"\b(?!https?\b)[a-z][a-z0-9+.-]{1,20}:(?!\d)", re.IGNORECASE)
_TRAILING: Final = ".,;:!?)]}'\""
# Where people meet: of several addresses in an invitation, the first of these is to be opened.
_MEETING_HOSTS: Final = (
    "meeting.tencent.com",
    "voovmeeting.com",
    "zoom.us",
    "zoom.com",
    "zoom.com.cn",
    "teams.microsoft.com",
    "teams.live.com",
    "meet.google.com",
    "vc.feishu.cn",
    "meeting.dingtalk.com",
    "webex.com",
    "welink.huaweicloud.com",
)


def is_web_address(text: str) -> bool:
    """Whether `text` is a whole address of the web, beginning with http:// or https://."""
    try:
        parts = urlsplit(text)
        return parts.scheme in ("http", "https") and bool(parts.hostname) and " " not in text
    except ValueError:
        return False


def find_web_address(text: str) -> str | None:
    """The one address that `text` is or holds, whole; None where there is none, or no telling."""
    said = unicodedata.normalize("NFKC", text[:_TEXT_LIMIT]).strip()
    found = list(dict.fromkeys(map(_tidy, _WITH_SCHEME.findall(said))))
    whole = [address for address in found if is_web_address(address)]
    if not whole and _OTHER_SCHEME.search(said) is None and "://" not in said:
        bare = [match[0].rstrip(_TRAILING) for match in _BARE.finditer(said)]
        # Inside a text, a word with a point in it is an address when something follows it.
        bare = [one for one in bare if one == said.rstrip(_TRAILING) or "/" in one]
        whole = [f"https://{one}" for one in dict.fromkeys(bare)]
    if len(whole) > 1:
        whole = [one for one in whole if _is_meeting(one)][:1]
    return whole[0] if whole and is_web_address(whole[0]) else None


def _tidy(address: str) -> str:
    scheme, _, rest = address.partition(":")
    return f"{scheme.strip().lower()}://{rest.strip().lstrip('/ ')}".rstrip(_TRAILING)


def _is_meeting(address: str) -> bool:
    host = urlsplit(address).hostname or ""
    return any(host == known or host.endswith(f".{known}") for known in _MEETING_HOSTS)
