"""Which addresses mail can be sent to: one rule for registration, log-in, invitations and files."""

from email_validator import EmailNotValidError, validate_email

from models.email_addresses import canonical_email

EMAIL_LIMIT = 254


class EmailUnusable(ValueError):
    """A text is no address, or none that every mail server can send to."""


def read_email(text: str) -> str:
    """The address in `text` as it is stored (`canonical_email`).

    The domain may be written in any script; what stands before the @ may not, because many servers
    of receivers and senders do not take it (RFC 6531). Raises EmailUnusable.
    """
    # An overlong text is no address either, and takes long to find out.
    if len(text) > 2 * EMAIL_LIMIT:
        raise EmailUnusable
    address = canonical_email(text)
    if len(address) > EMAIL_LIMIT:
        raise EmailUnusable
    try:
        validate_email(address, check_deliverability=False, allow_smtputf8=False)
    except EmailNotValidError as error:
        raise EmailUnusable(str(error)) from error
    return address
