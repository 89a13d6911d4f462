"""What an erasure leaves outside the database: files of the instance that tell of the person."""

import logging
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from pathlib import Path

from app.privacy.mentions import Told, has_address
from app.telling.about import ABOUT_HEADER, read_about
from app.telling.mail_files import list_mail_files

log = logging.getLogger(__name__)


def remove_mail_files(folder: Path, told: Told) -> int:
    """No mail that was laid into `folder` is to the person or tells of them; how many were.

    Mails lie there when no mail server is set. Each says to what it leads and what was put into
    its words (`app/telling/about.py`): a name may be a word that stands in mails of others. One
    that does not say so is of an earlier version and goes when a name is anywhere in it, as does
    a file that cannot be read as a mail, since nobody can say what it holds.
    """
    removed = 0
    for path in list(list_mail_files(folder)):
        if _tells(path, told):
            path.unlink(missing_ok=True)
            removed += 1
    return removed


def _tells(path: Path, told: Told) -> bool:
    try:
        content = path.read_bytes()
        message = message_from_bytes(content, policy=default)
        said = _list_said(message)
    except FileNotFoundError:
        return False
    except (LookupError, ValueError):
        log.warning("%s cannot be read as a mail and is removed", path.name)
        return True
    if any(has_address(text, told.email) for text in said):
        return True
    header = message[ABOUT_HEADER]
    if header is None:
        texts = [*said, content.decode(errors="replace")]
        return any(word in text for word in told.names for text in texts)
    return any(
        each.path in told.paths or each.names_one_of(told.list_words_at(each.path))
        for each in read_about(str(header))
    )


def _list_said(message: EmailMessage) -> list[str]:
    parts = [part for part in message.walk() if part.get_content_maintype() == "text"]
    # Lines of a calendar are folded (RFC 5545, 3.1), also within an address.
    texts = [part.get_content().replace("\r\n ", "").replace("\n ", "") for part in parts]
    return [*(str(value) for value in message.values()), *texts]
