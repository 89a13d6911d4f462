"""Makes `models/countries.tsv` from the names of CLDR, as Babel brings them.

    python -m tests.models.make_countries

ISO 3166-1 by its two letters, without China, whose places have tables of their own, and without
those where nobody lives. The names are the short ones of CLDR (Unicode License v3).
"""

import re
from pathlib import Path

from babel import Locale

TABLE = Path(__file__).parents[2] / "models" / "countries.tsv"

CHINA = ("CN", "HK", "MO", "TW")
EMPTY = ("AQ", "BV", "HM", "TF", "UM", "GS", "IO")
NOT_IN_ISO = (
    "AC",
    "CP",
    "CQ",
    "DG",
    "EA",
    "IC",
    "TA",
    "EU",
    "EZ",
    "UN",
    "QO",
    "XA",
    "XB",
    "XK",
    "ZZ",
)


def main() -> None:
    """Write the table anew."""
    chinese, english = (Locale.parse(code).territories for code in ("zh_Hans", "en"))
    rows = [
        f"{code}0000\t{chinese[code]}\t{english[code]}\n"
        for code in sorted(english)
        if re.fullmatch("[A-Z]{2}", code) and code not in (*CHINA, *EMPTY, *NOT_IN_ISO)
    ]
    TABLE.write_text("".join(rows), encoding="utf-8")


if __name__ == "__main__":
    main()
