"""What the rules for workspaces forbid."""

from flask_babel import lazy_gettext as _l

from app.errors import DomainError


class WorkspaceClosed(DomainError):
    """The engagement has been over for too long."""

    code = "workspace_closed"
    sentence = _l(
        "This engagement ended more than %(days)s days ago. What is here can still be read."
    )


class NothingWritten(DomainError):
    """There is no text."""

    code = "nothing_written"
    status = 422
    sentence = _l("Please write something.")


class TooManyKept(DomainError):
    """There is as much of it as a workspace holds."""

    code = "too_many_kept"
    sentence = _l("There are %(most)s of these already. Remove or finish some first.")


class NoIncubator(DomainError):
    """The engagement belongs to no incubator whose operators could be invited."""

    code = "no_incubator"
    sentence = _l("This engagement belongs to no incubator, so nobody can be invited.")


class OperatorsReadAlready(DomainError):
    """The operators have been invited."""

    code = "operators_read_already"
    sentence = _l("The operators read along already.")


class NoInvitationOfYours(DomainError):
    """The operators do not read along, or the other side invited them."""

    code = "no_invitation_of_yours"
    sentence = _l("Only the side that invited the operators can take that back.")


class SessionNotHeld(DomainError):
    """Minutes are of what took place."""

    code = "session_not_held"
    sentence = _l("Minutes can be written once it is recorded that it took place.")
