"""Part of the table of permissions: finance products, commissioners, their companies and cases."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from app.access.commissioner_predicates import (
    began_care,
    began_commissioner,
    can_ask_commissioner,
    decides_care,
    decides_commissioner,
    is_appointing,
    is_care_commissioner,
    is_care_operator,
    is_care_startup,
    is_commissioner,
    of_care,
)
from app.access.installation import Installation
from app.access.predicates import (
    Rule,
    all_of,
    either,
    in_person,
    is_any_founder,
    is_any_operator,
    is_founder,
    is_operator,
)
from app.access.subsidy_predicates import can_view_scheme, of_scheme

OF_FINANCE: Final[Mapping[str, Rule | Installation]] = MappingProxyType(
    {
        "product:list": either(
            all_of(in_person, is_any_founder), is_any_operator
        ),  # each side apart
        "product:fit": all_of(in_person, is_founder),  # subject: the startup
        "product:keep": is_operator,  # subject: the incubator
        "product:draft": is_operator,  # subject: the incubator
        "product:view": can_view_scheme,
        "product:edit": of_scheme(is_operator),
        "product:publish": of_scheme(is_operator),
        "product:mind": Installation.CLOCK,
        "commissioner:list": in_person,  # one's own, and those of one's organisations
        "commissioner:keep": is_operator,  # subject: the incubator
        "commissioner:offer": is_operator,  # subject: the incubator
        "commissioner:limit": is_operator,  # subject: the incubator
        "commissioner:apply": in_person,  # subject: the incubator
        "commissioner:view": either(is_appointing, is_commissioner, can_ask_commissioner),
        # A two-way choice: the side that did not begin decides.
        "commissioner:decide": decides_commissioner,
        "commissioner:withdraw": began_commissioner,
        "commissioner:end": either(is_appointing, is_commissioner),
        "commissioner:take": is_commissioner,  # how many companies
        "commissioner:assign": is_appointing,
        "commissioner:ask": can_ask_commissioner,
        "commissioner:mind": Installation.CLOCK,
        "care:list": in_person,
        "care:view": either(is_care_startup, is_care_commissioner, is_care_operator),
        "care:consent": is_care_startup,
        "care:accept": is_care_commissioner,
        "care:decline": decides_care,
        "care:withdraw": began_care,
        "care:end": either(is_care_startup, is_care_commissioner, is_care_operator),
        # What a company needs is between it and its commissioner: operators read counts alone.
        "case:open": either(is_care_startup, is_care_commissioner),  # subject: the care
        "case:view": of_care(either(is_care_startup, is_care_commissioner)),
        "case:work": of_care(is_care_commissioner),
        "case:close": of_care(either(is_care_startup, is_care_commissioner)),
        "case:note": of_care(either(is_care_startup, is_care_commissioner)),
    }
)
