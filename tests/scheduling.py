"""Which tests one process of a run takes together."""

from functools import cache
from pathlib import Path

from xdist.scheduler import LoadFileScheduling

from tests.rules.project import ROOT

_ON_ONE_SITE = "tests/journeys on one site"


class ByFileAndSite(LoadFileScheduling):  # type: ignore[misc]
    """A file is taken by one process, and so are all journeys on the site that they share.

    To start that site takes twenty seconds of processor time, in each process that needs it.
    """

    def _split_scope(self, nodeid: str) -> str:
        file = str(super()._split_scope(nodeid))
        return _ON_ONE_SITE if shares_site(ROOT / file) else file


@cache
def shares_site(file: Path) -> bool:
    """Whether the journeys of `file` are made on the site that others use as well."""
    if file.parent != ROOT / "tests" / "journeys":
        return False
    return "def site(" not in file.read_text("utf-8")
