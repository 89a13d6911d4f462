"""Who can log in to the demonstration."""

from dataclasses import dataclass
from typing import Final

from models.vocabulary import Role

DEMO_PASSWORD: Final = "yinqiao-demo"  # noqa: S105 (said openly on the log-in page)

# The place whose figures the demonstration's regulator reads: Shanghai.
DEMO_PLACE: Final = "310000"


@dataclass(frozen=True, slots=True)
class DemoAccount:
    """An account that is named on the log-in page; `key` is its organisation in the files."""

    email: str
    role: Role
    key: str


DEMO_ACCOUNTS: Final = (
    DemoAccount("founder@example.org", Role.FOUNDER, "sic-power"),
    DemoAccount("mentor@example.org", Role.MENTOR, "sic-wafer-process"),
    DemoAccount("investor@example.org", Role.INVESTOR, "guidu-chip-seed"),
    DemoAccount("centre@example.org", Role.CENTRE, "pudong-widebandgap-reliability"),
    DemoAccount("operator@example.org", Role.OPERATOR, "zhangjiang-qiaotou"),
    DemoAccount("regulator@example.org", Role.REGULATOR, "regulator"),
)
