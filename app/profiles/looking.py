"""What the sentences of a profile are taken for, as its owner sees it."""

from dataclasses import dataclass

from flask_babel import format_percent

from app.profiles.queries import find_text
from matching.engine import Engine
from matching.text.voice import reports
from models.provider_texts import ProviderText
from models.providers import Provider
from models.sentence_keys import make_sentence_key
from models.vocabulary import NeedRole, ProfileRole

# From how much on one is sure, and fairly sure, of a role.
SURE, FAIRLY_SURE = 0.9, 0.7


@dataclass(frozen=True, slots=True)
class RoleView:
    """A sentence, what it was taken for and how surely, from 0 to 1."""

    text: str
    role: NeedRole | ProfileRole
    sureness: float

    @property
    def key(self) -> str:
        """By what a correction finds it."""
        return make_sentence_key(self.text)

    @property
    def percent(self) -> str:
        """How surely, in the reader's language."""
        return str(format_percent(self.sureness))

    @property
    def is_sure(self) -> bool:
        """Whether there is hardly a doubt about the role."""
        return self.sureness >= SURE

    @property
    def is_fairly_sure(self) -> bool:
        """Whether the role is more likely than all others together by far."""
        return self.sureness >= FAIRLY_SURE


@dataclass(frozen=True, slots=True)
class PassageView(RoleView):
    """Of a profile; `is_corrected` says that who acts for the provider said what it does."""

    role: ProfileRole
    is_corrected: bool


@dataclass(frozen=True, slots=True)
class ProfileReading:
    """A profile as it is read. In a report on research nothing is taken for a refusal."""

    sentences: tuple[PassageView, ...]
    is_report: bool


def read_profile(engine: Engine, provider: Provider) -> ProfileReading:
    """How the profile is read as it stands, drafts too; stores nothing. Raises EncoderMissing."""
    return _read(engine, provider, find_text(provider))


def read_further_text(engine: Engine, text: ProviderText) -> ProfileReading:
    """How a further text is read; stores nothing. Raises EncoderMissing."""
    return _read(engine, text.provider, text.text)


def _read(engine: Engine, provider: Provider, text: str) -> ProfileReading:
    corrected = {each.sentence: each.role for each in provider.corrections}
    sentences = []
    for read in engine.read_profile(text):
        said = text[read.start : read.end]
        known = corrected.get(said)
        sentences.append(
            PassageView(
                said,
                ProfileRole(read.role) if known is None else known,
                read.sureness if known is None else 1.0,
                known is not None,
            )
        )
    return ProfileReading(tuple(sentences), reports(text))
