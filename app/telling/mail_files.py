"""Mails that lie as files in `mail/` of the instance folder, and how long they do.

They are laid there while no mail server is set (`app/telling/mail.py`), with all that they said.
"""

import logging
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Final

log = logging.getLogger(__name__)

# What a mail is called, and what is left of one whose writer was killed.
_NAMES: Final = ("*.eml", "*.part")


def list_mail_files(folder: Path) -> Iterator[Path]:
    """The mails in `folder`, those that are not wholly written included; none where it is not."""
    for name in _NAMES:
        yield from sorted(folder.glob(name))


def forget_mail_files(folder: Path, *, before: datetime) -> int:
    """No mail in `folder` was written before `before`; returns how many went.

    A file that cannot be removed is told in the log, and is tried again with the next call.
    """
    removed = 0
    for path in list_mail_files(folder):
        try:
            if path.lstat().st_mtime < before.timestamp():
                path.unlink()
                removed += 1
        except FileNotFoundError:
            # Another worker, or an erasure, was faster.
            continue
        except OSError:
            log.exception("a mail in the folder of mails cannot be removed; it is tried again")
    return removed
