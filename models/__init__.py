"""What is stored, and what is true of one record on its own.

Importing this package registers every table with `models.orm.Base.metadata`.
"""

from models import (
    address_changes,
    affiliations,
    audit,
    documents,
    engagements,
    facts,
    funds,
    imports,
    log_ins,
    matches,
    needs,
    notices,
    organisations,
    people,
    pools,
    providers,
    revisions,
    second_factors,
    throttles,
    tokens,
    webhooks,
    weights,
)

__all__ = [
    "address_changes",
    "affiliations",
    "audit",
    "documents",
    "engagements",
    "facts",
    "funds",
    "imports",
    "log_ins",
    "matches",
    "needs",
    "notices",
    "organisations",
    "people",
    "pools",
    "providers",
    "revisions",
    "second_factors",
    "throttles",
    "tokens",
    "webhooks",
    "weights",
]
