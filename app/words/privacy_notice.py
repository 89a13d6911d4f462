"""Which version of the privacy notice holds: the page *Privacy*, with its table of periods.

A test keeps the version to the text: another text is another version, of which people are told.
"""

from datetime import date
from typing import Final

NOTICE_VERSION: Final = 3
NOTICE_DATE: Final = date(2026, 11, 28)
