"""Encodes what a profile will say, before the transaction that stores it begins.

Encoding takes long and a write lock must not be held for it. The price is that the profile may
change in between: whoever stores an `EncodedProfile` compares its text with the one of the row.
"""

import logging
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

from app.profiles.errors import EncodingNotReady
from app.profiles.values import CentreValues, ProviderValues, read_provider
from matching.encoders.errors import EncoderMissing
from matching.engine import Engine
from matching.records import Passage
from models.profile_text import Section, compose_profile_text
from models.providers import Centre, CentreService, Provider

log = logging.getLogger(__name__)


@contextmanager
def needing_encoder() -> Iterator[None]:
    """Within it something is encoded or read. Raises EncodingNotReady where that cannot be."""
    try:
        yield
    except EncoderMissing as error:
        log.exception("a profile cannot be encoded or read")
        raise EncodingNotReady from error


@dataclass(frozen=True, slots=True)
class EncodedProfile:
    """A profile's text, where its sections stand, and its passages with their vectors.

    `fingerprint` is that of the encoder; the vectors are of unit length, float32.
    """

    text: str
    sections: tuple[Section, ...]
    passages: tuple[Passage, ...]
    fingerprint: str


@dataclass(frozen=True, slots=True)
class EncodedText:
    """A further text and its passages with their vectors, as in `EncodedProfile`."""

    text: str
    passages: tuple[Passage, ...]
    fingerprint: str


def encode_text(engine: Engine, text: str) -> EncodedText:
    """What a further text would be found by. Writes nothing; raises EncoderMissing."""
    return EncodedText(text, engine.encode_text(text), engine.encoder.fingerprint)


def encode_values(engine: Engine, values: ProviderValues) -> EncodedProfile:
    """What a provider with `values` would be found by. Writes nothing; raises EncoderMissing."""
    return encode_all(engine, [values])[0]


def encode_all(engine: Engine, profiles: Sequence[ProviderValues]) -> list[EncodedProfile]:
    """What each of `profiles` would be found by, encoded together, which is quicker than singly.

    Raises EncoderMissing.
    """
    composed = [compose_profile_text(_sketch(values)) for values in profiles]
    encoded = engine.encode_texts([text for text, _ in composed])
    return [
        EncodedProfile(
            text=text,
            sections=sections,
            passages=passages,
            fingerprint=engine.encoder.fingerprint,
        )
        for (text, sections), passages in zip(composed, encoded, strict=True)
    ]


def encode_profile(engine: Engine, provider: Provider) -> EncodedProfile:
    """What `provider`, as it is stored now, would be found by once it is published."""
    return encode_values(engine, read_provider(provider))


def _sketch(values: ProviderValues) -> Provider:
    """A provider that no session knows of, with as much as its text is composed from."""
    provider = Provider(
        kind=values.kind,
        headline=values.headline,
        summary=values.summary,
        can_help_with=values.can_help_with,
        topics=list(values.topics),
    )
    if isinstance(values.extension, CentreValues):
        provider.centre = Centre(
            services=[
                CentreService(name=service.name, description=service.description)
                for service in values.extension.services
            ]
        )
    return provider
