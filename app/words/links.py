"""Finds the address of the web that somebody means, in what they paste.

People leave out https://, type full-width colons, and paste a whole invitation to a meeting.
"""

import re
from collections.abc import Iterable
from typing import Final
from urllib.parse import urlsplit

# Longer than any invitation.
_TEXT_LIMIT: Final = 5_000

# What full-width signs of an address are in it; others of their kind end it.
_HALF: Final = str.maketrans(
    {
        chr(code): chr(code - 0xFEE0)
        for code in range(0xFF01, 0xFF5F)
        if chr(code - 0xFEE0).isalnum()
    }
    | {
        "：": ":",
        "／": "/",
        "．": ".",
        "＝": "=",
        "＆": "&",
        "％": "%",
        "－": "-",
        "＿": "_",
        "＃": "#",
    }
)
# A question mark is one of the address where a name and a value follow it.
_QUERY: Final = re.compile(r"？(?=[a-z0-9_]+=)", re.IGNORECASE)
_FULL_STOP: Final = re.compile(r"(?<=[a-z0-9])[。｡](?=[a-z0-9])", re.IGNORECASE)
_INSIDE: Final = r"[^\s<>\"'，。；、！？：（）【】《》「」『』“”‘’|\[\]]"

_WITH_SCHEME: Final = re.compile(rf"https?\s?(?:[:;]\s?/{{1,2}}|//)\s?{_INSIDE}+", re.IGNORECASE)
_BARE: Final = re.compile(
    r"(?<![@a-z0-9_./-])(?<![a-z]:)(?:[a-z0-9](?:[a-z0-9-]{0,62}[a-z0-9])?\.)+[a-z]{2,24}"
    rf"(?![a-z0-9@])(?::[0-9]{{2,5}})?(?:[/?#]{_INSIDE}*)?",
    re.IGNORECASE,
)
# A field that began with https:// and got a whole address behind it.
_SCHEME_AGAIN: Final = re.compile(r"^https?://(?=https?://)", re.IGNORECASE)
_OTHER_SCHEME: Final = re.compile(r"\b(?!https?\b)[a-z][a-z0-9+.-]{1,20}:(?![\d\s])", re.IGNORECASE)
_HAN: Final = re.compile("[\u3400-\u9fff]")
_TRAILING: Final = ".,;:!?)]}'\"。，；！？）"
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
    said = _FULL_STOP.sub(".", _QUERY.sub("?", text[:_TEXT_LIMIT].translate(_HALF))).strip()
    found = map(_tidy, _WITH_SCHEME.findall(said))
    found = map(_cut_words, found)
    whole = [address for address in _drop_repeated(found) if is_web_address(address)]
    if not whole and _OTHER_SCHEME.search(said) is None and "://" not in said:
        bare = [_cut_end(match[0]) for match in _BARE.finditer(said)]
        # Inside a text, a word with a point in it is an address when something follows it.
        alone = said.rstrip(_TRAILING)
        bare = [one for one in bare if one == alone or "/" in one.rstrip("/")]
        whole = [_cut_words(f"https://{one}") for one in _drop_repeated(bare)]
    if len(whole) > 1:
        whole = [one for one in whole if _is_meeting(one)][:1]
    return whole[0] if whole and is_web_address(whole[0]) else None


def _tidy(address: str) -> str:
    address = _SCHEME_AGAIN.sub("", address)
    scheme, rest = re.split("[:;/]", address, maxsplit=1)
    return f"{scheme.strip().lower()}://{_cut_end(rest.strip().lstrip('/ '))}"


def _cut_end(address: str) -> str:
    """The address without what ends the sentence around it; a bracket that it opens is its own."""
    while address and address[-1] in _TRAILING:
        if address[-1] == ")" and address.count("(") >= address.count(")"):
            break
        address = address[:-1]
    return address


def _cut_words(address: str) -> str:
    """An address of a meeting without the Chinese words that follow it: none has any inside."""
    begins = _HAN.split(address, maxsplit=1)[0]
    return _cut_end(begins) if begins != address and _is_meeting(begins) else address


def _drop_repeated(addresses: Iterable[str]) -> list[str]:
    """Each address once, also where only a slash at its end differs."""
    return list({address.rstrip("/"): address for address in addresses}.values())


def _is_meeting(address: str) -> bool:
    host = urlsplit(address).hostname or ""
    return any(host == known or host.endswith(f".{known}") for known in _MEETING_HOSTS)
