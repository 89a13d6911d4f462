"""What an incubator says of public money or of an offer: for whom it is, and who says so.

Voucher schemes and finance products have these columns alike, so that one set of rules judges
whether a startup meets them. Empty conditions ask for nothing.
"""

from datetime import date
from typing import Final

from sqlalchemy import BigInteger, Date, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from models.erasure import erasure_keeps, holds_no_person
from models.orm import CodeList, TextList, code_type
from models.vocabulary import Title
from models.voucher_codes import SourceGrade

TITLE_LIMIT: Final = 120
SOURCE_LIMIT: Final = 200
ADDRESS_LIMIT: Final = 300
RULES_NOTE_LIMIT: Final = 1000
PLACES_LIMIT: Final = 20
# Why these texts outlive whoever wrote them.
OF_THE_RULES: Final = "what an incubator says of a public scheme or of a product"


class PublicRules:
    """A name, conditions for startups, and the source with its grade."""

    title: Mapped[str] = mapped_column(String(TITLE_LIMIT), info=erasure_keeps(OF_THE_RULES))
    note: Mapped[str] = mapped_column(Text, default="", info=erasure_keeps(OF_THE_RULES))
    places: Mapped[list[str]] = mapped_column(TextList, default=list, info=holds_no_person())
    titles: Mapped[list[Title]] = mapped_column(CodeList(Title), default=list)
    needs_company: Mapped[bool] = mapped_column(default=False)
    needs_resident: Mapped[bool] = mapped_column(default=False)
    staff_most: Mapped[int | None] = mapped_column()
    revenue_most_yuan: Mapped[int | None] = mapped_column(BigInteger)
    assets_most_yuan: Mapped[int | None] = mapped_column(BigInteger)
    age_most_years: Mapped[int | None] = mapped_column()
    source_title: Mapped[str] = mapped_column(
        String(SOURCE_LIMIT), default="", info=erasure_keeps(OF_THE_RULES)
    )
    source_url: Mapped[str] = mapped_column(
        String(ADDRESS_LIMIT), default="", info=erasure_keeps(OF_THE_RULES)
    )
    grade: Mapped[SourceGrade] = mapped_column(
        code_type(SourceGrade, "grade"), default=SourceGrade.LEAD_ONLY
    )
    # On which day somebody compared it with the source; None: nobody has.
    checked_on: Mapped[date | None] = mapped_column(Date)

    @property
    def is_unverified(self) -> bool:
        """Whether nobody has compared it with an official text."""
        return self.grade is SourceGrade.LEAD_ONLY or self.checked_on is None
