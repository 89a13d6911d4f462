"""An e-mail address as it is stored and compared: one way of writing for all that mean the same.

Half width (NFKC), lower case, and the domain in the form that every mail server takes: labels
beyond ASCII as `xn--` (RFC 5891; non-transitional, so that ß stays a letter of its own). Whether
mail can be sent there is said by `app/words/email_addresses.py`.
"""

import unicodedata

# Between labels of a domain people type these as well (UTS 46).
_FULL_STOPS = str.maketrans({"。": ".", "．": ".", "｡": "."})


def canonical_email(address: str) -> str:
    """`address` in its one way of writing. Never raises: what is no address stays recognisable."""
    said = unicodedata.normalize("NFKC", address.translate(_FULL_STOPS)).translate(_FULL_STOPS)
    # Marks that nobody sees come along when an address is copied.
    said = "".join(c for c in said if unicodedata.category(c) not in ("Cf", "Cc")).strip().lower()
    local, at, domain = said.rpartition("@")
    if not at:
        return said
    labels = domain.strip().strip(".").split(".")
    return f"{local.strip()}@{'.'.join(map(_encode_label, labels))}"


def encode_domain(address: str) -> str:
    """`address` with its domain in the form that every mail server takes, and all else as it is."""
    local, at, domain = address.rpartition("@")
    if not at:
        return address
    return f"{local}@{'.'.join(map(_encode_label, domain.translate(_FULL_STOPS).split('.')))}"


def _encode_label(label: str) -> str:
    if label.isascii():
        return label
    try:
        return "xn--" + unicodedata.normalize("NFKC", label).encode("punycode").decode("ascii")
    except UnicodeError:
        return label
