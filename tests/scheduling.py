"""Which tests one process of a run takes together."""

from functools import cache
from pathlib import Path

from xdist.scheduler import LoadFileScheduling

from tests.rules.project import ROOT

_ON_ONE_SITE = "tests/journeys on one site"
_WITH_MODELS = "tests/matching with the models"


class ByFileAndSite(LoadFileScheduling):  # type: ignore[misc]
    """A file is taken by one process; so are all journeys on the site that they share, and all
    tests of matching with the models that the product encodes with.

    To start that site takes twenty seconds of processor time, to load those models ten, in each
    process that needs them.
    """

    def _split_scope(self, nodeid: str) -> str:
        file = str(super()._split_scope(nodeid))
        if shares_site(ROOT / file):
            return _ON_ONE_SITE
        return _WITH_MODELS if loads_models(ROOT / file) else file


@cache
def shares_site(file: Path) -> bool:
    """Whether the journeys of `file` are made on the site that others use as well."""
    if file.parent != ROOT / "tests" / "journeys":
        return False
    return "def site(" not in file.read_text("utf-8")


def loads_models(file: Path) -> bool:
    """Whether the tests of `file` encode with the models that the product has."""
    matching = ROOT / "tests" / "matching"
    is_quality = file.parent == matching and file.name.startswith("test_quality")
    return is_quality or file.parent == matching / "encoders"
