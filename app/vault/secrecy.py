"""What whoever uploads a file declares: that nothing in it is classified.

Law on Guarding State Secrets (保守国家秘密法, 2024), articles 31 and 34: classified material does
not belong on a public network, and an operator who finds some stops it, keeps the record and
reports it.
"""

from typing import Final

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l

# Stored with each version. Whoever changes the wording below gives it a new name.
DECLARATION: Final = "nothing-classified-1"

DECLARATION_WORDS: Final[LazyString] = _l(
    "I declare that this file contains no state secrets, no work secrets and nothing else that is "
    "classified, and that we may keep it here."
)
