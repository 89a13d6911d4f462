"""What an erasure leaves outside the database: files of the instance that name the person."""

import logging
from collections.abc import Collection
from email import message_from_bytes
from email.policy import default
from pathlib import Path

log = logging.getLogger(__name__)


def remove_mail_files(folder: Path, words: Collection[str]) -> int:
    """No mail that was laid into `folder` has one of `words` in it; returns how many had.

    Mails lie there when no mail server is set. A file that cannot be read as a mail goes too, since
    nobody can say what it holds.
    """
    removed = 0
    for path in sorted(folder.glob("*.eml")) + sorted(folder.glob("*.part")):
        if _has_one_of(path, words):
            path.unlink(missing_ok=True)
            removed += 1
    return removed


def _has_one_of(path: Path, words: Collection[str]) -> bool:
    try:
        content = path.read_bytes()
        message = message_from_bytes(content, policy=default)
        said = [str(value) for value in message.values()]
        said += [
            part.get_content() for part in message.walk() if part.get_content_maintype() == "text"
        ]
    except FileNotFoundError:
        return False
    except (LookupError, ValueError):
        log.warning("%s cannot be read as a mail and is removed", path.name)
        return True
    return any(word.encode() in content or any(word in text for text in said) for word in words)
