"""How often somebody may guess a password, and how many mails a stranger may have sent."""

import time
from datetime import timedelta
from typing import Final

from app.web.throttles import Throttle

# An account's owner who mistypes is let in. Whoever guesses has a hundred tries a day; the owner
# comes in by a link in a mail meanwhile.
LOG_INS_OF_ACCOUNT: Final = Throttle("log-in", 5, timedelta(seconds=5), timedelta(minutes=15))

# One address may be a whole science park.
LOG_INS_OF_NETWORK: Final = Throttle("log-ins", 50, timedelta(seconds=1), timedelta(minutes=1))

# Of somebody who is logged in and is asked for their password again.
PASSWORDS: Final = Throttle("password", 5, timedelta(seconds=5), timedelta(minutes=15))

# Of the code of a second factor, once the password was right. A new password takes them away.
SECOND_STEPS: Final = Throttle("code", 5, timedelta(seconds=5), timedelta(minutes=15))

# The same of a person, whatever passwords there were meanwhile: whoever reads their mails chooses
# one whenever they want.
SECOND_STEPS_OF_PERSON: Final = Throttle("codes", 20, timedelta(minutes=1), timedelta(hours=1))

# A link is good for longer than the longest wait: whoever asks for mails to another's address keeps
# them from none, for the last one still opens the account.
LINKS_TO_ADDRESS: Final = Throttle("link", 2, timedelta(minutes=1), timedelta(minutes=30))
REGISTRATIONS_OF_ADDRESS: Final = Throttle(
    "registration", 2, timedelta(minutes=1), timedelta(minutes=30)
)

MAILS_OF_NETWORK: Final = Throttle("mails", 60, timedelta(seconds=10), timedelta(minutes=2))

# Longer than it takes to write a mail into the database, or to find that there is nobody to write
# to: who has an account cannot be read from how long an answer takes.
ANSWERED_AFTER: Final = 0.4


def wait_out(begun: float) -> None:
    """Return no sooner than `ANSWERED_AFTER` seconds after `begun` (of the monotonic clock)."""
    time.sleep(max(0.0, begun + ANSWERED_AFTER - time.monotonic()))
