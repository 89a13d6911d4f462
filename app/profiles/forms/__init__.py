"""The shape of profiles as they are typed, and what is said about mistakes in them."""

from collections.abc import Mapping

from app.profiles.forms.centres import CentreForm
from app.profiles.forms.people import ColleagueForm
from app.profiles.forms.providers import InvestorForm, MentorForm, ProviderForm
from app.profiles.forms.search import ProviderFilterForm
from app.profiles.forms.startups import StartupForm, name_readiness
from models.vocabulary import ProviderKind

__all__ = [
    "PROVIDER_FORMS",
    "CentreForm",
    "ColleagueForm",
    "InvestorForm",
    "MentorForm",
    "ProviderFilterForm",
    "ProviderForm",
    "StartupForm",
    "name_readiness",
]

PROVIDER_FORMS: Mapping[ProviderKind, type[ProviderForm]] = {
    ProviderKind.MENTOR: MentorForm,
    ProviderKind.INVESTOR: InvestorForm,
    ProviderKind.CENTRE: CentreForm,
}
