"""Passwords: turned into hashes that are slow to guess from, and compared with them.

Hashing takes tens of milliseconds on purpose, so it is done before a transaction begins.
"""

import unicodedata
from typing import NewType

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

# A password that went through `hash_password`: the only form in which actions take one.
PasswordHash = NewType("PasswordHash", str)

MIN_PASSWORD_LENGTH = 10
MAX_PASSWORD_LENGTH = 200

# Argon2id with the library's parameters, which follow RFC 9106, section 4 (second choice).
hasher = PasswordHasher()

# What people choose first when ten characters are asked of them. Guessing begins here.
_COMMONEST = frozenset(
    (
        "0123456789",
        "0987654321",
        "1234567890",
        "12345678910",
        "123456789a",
        "1234567891",
        "147258369a",
        "1q2w3e4r5t",
        "1q2w3e4r5t6y",
        "1qaz2wsx3edc",
        "9876543210",
        "a123456789",
        "aa123456789",
        "abc123456789",
        "abcd123456",
        "abcdefghij",
        "admin12345",
        "admin123456",
        "administrator",
        "asdfghjkl123",
        "changeme123",
        "iloveyou123",
        "iloveyou1314",
        "letmein1234",
        "p@ssw0rd123",
        "passw0rd123",
        "password01",
        "password12",
        "password123",
        "password1234",
        "password12345",
        "passwordpassword",
        "q1w2e3r4t5",
        "qazwsxedcrfv",
        "qq123456789",
        "qwer123456",
        "qwerty1234",
        "qwerty12345",
        "qwerty123456",
        "qwertyuiop",
        "qwertyuiop123",
        "welcome123",
        "woaini1314",
        "woaini520520",
        "woaini5201314",
        "wodemima123",
        "zxcvbnm123",
        "zxcvbnm1234",
        "yinqiao123",
        "yinqiao1234",
    )
)
_LEAST_DIFFERENT_CHARACTERS = 4


def hash_password(password: str) -> PasswordHash:
    """The hash to store for `password`; two hashes of one password differ."""
    return PasswordHash(hasher.hash(_canonical(password)))


def is_password_right(password: str, stored: str | None) -> bool:
    """Whether `password` belongs to the hash `stored`.

    None stands for an unknown person or one without a password. It takes as long as a wrong
    password does, so that the time of the answer does not tell who has an account.
    """
    if len(password) > MAX_PASSWORD_LENGTH:
        # Nobody has one like that: what is compared is as short, and as wrong.
        password, stored = "", None
    try:
        hasher.verify(stored or _get_stand_in(), _canonical(password))
    except (VerificationError, InvalidHashError):
        return False
    return stored is not None


def is_hash_outdated(stored: str) -> bool:
    """Whether `stored` was made with other parameters than we use now."""
    return hasher.check_needs_rehash(stored)


def is_too_common(password: str) -> bool:
    """Whether `password` is among the first that anyone would try."""
    return (
        password.strip().lower() in _COMMONEST or len(set(password)) < _LEAST_DIFFERENT_CHARACTERS
    )


def _canonical(password: str) -> str:
    # Two keyboards may send the same letter in two forms (RFC 8265, section 4.2.2).
    return unicodedata.normalize("NFC", password)


_stand_ins: dict[PasswordHasher, str] = {}


def _get_stand_in() -> str:
    """A hash that no password is compared with successfully, made once for each hasher."""
    if hasher not in _stand_ins:
        _stand_ins[hasher] = hasher.hash("nobody has this password")
    return _stand_ins[hasher]
