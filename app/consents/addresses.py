"""The addresses on this site to which this room's notices lead."""

from typing import Final

CHOICES: Final = "/account/privacy"
NOTICE: Final = "/privacy"
