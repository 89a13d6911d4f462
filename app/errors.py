"""The errors that actions raise when a rule of the domain forbids something.

Each is named by what is wrong. `app/web/handlers.py` alone turns them into a status and a page;
`app/words/wording.py` puts `code` and `facts` into the reader's language.
"""

from typing import ClassVar

# A fact of several names is worded as an enumeration.
Fact = str | int | tuple[str, ...]


class DomainError(Exception):
    """A rule forbids it. `facts` fill the sentence that the reader sees."""

    code: ClassVar[str] = "not_possible"
    status: ClassVar[int] = 409

    def __init__(self, **facts: Fact) -> None:
        super().__init__(self.code, facts)
        self.facts = facts


class NotFound(DomainError):
    """There is no such thing, or none that you may know of."""

    code = "not_found"
    status = 404


class NotPermitted(DomainError):
    """You may see it, but not do this with it."""

    code = "not_permitted"
    status = 403


class ChangedMeanwhile(DomainError):
    """Someone else changed it after this page was shown."""

    code = "changed_meanwhile"


class OutOfOrder(DomainError):
    """The action does not follow from the present state."""

    code = "out_of_order"


class ProfileIncomplete(DomainError):
    """A profile lacks what it needs to be published. `missing` names the fields."""

    code = "profile_incomplete"
    status = 422


class SeedFundTooBroad(DomainError):
    """A seed fund names more technology fields than it may cover, which are `limit`."""

    code = "seed_fund_too_broad"
    status = 422


class TicketRangeReversed(DomainError):
    """The largest ticket is smaller than the smallest one."""

    code = "ticket_range_reversed"
    status = 422


class CreditCodeTaken(DomainError):
    """The incubator hosts another startup with the same credit code."""

    code = "credit_code_taken"


class ProviderFullyBooked(DomainError):
    """The provider has no free place."""

    code = "provider_fully_booked"


class OwnPlacesTaken(ProviderFullyBooked):
    """The provider wants to accept, and all its own places are taken."""

    code = "own_places_taken"


class ProviderNotAvailable(DomainError):
    """The provider is not published, or not open to this startup."""

    code = "provider_not_available"


class ConflictOfInterest(DomainError):
    """Startup and provider are connected in a way that forbids an engagement."""

    code = "conflict_of_interest"


class AlreadyRequested(DomainError):
    """An engagement for this need and provider is still open."""

    code = "already_requested"


class ReasonMissing(DomainError):
    """The other side is owed a reason."""

    code = "reason_missing"
    status = 422


class NothingHeld(DomainError):
    """An engagement without a session that was held cannot be completed."""

    code = "nothing_held"


class SessionsStillOpen(DomainError):
    """A session is proposed or confirmed and neither recorded nor cancelled."""

    code = "sessions_still_open"


class SessionAlreadyPlanned(DomainError):
    """Another session of the same engagement is planned for that time."""

    code = "session_already_planned"


class SessionTimeInvalid(DomainError):
    """Not on a quarter of an hour, or shorter or longer than a session can be."""

    code = "session_time_invalid"
    status = 422


class PlaceOrLinkMissing(DomainError):
    """Nobody would know where to go."""

    code = "place_or_link_missing"
    status = 422


class TimeAlreadyTaken(DomainError):
    """One of the people has another confirmed session at that time."""

    code = "time_already_taken"


class TimeInThePast(DomainError):
    """The time has gone by."""

    code = "time_in_the_past"
    status = 422


class SessionNotOver(DomainError):
    """A session can be recorded as held only once it has begun."""

    code = "session_not_over"


class OtherSideMustConfirm(DomainError):
    """Who proposed a time cannot confirm it."""

    code = "other_side_must_confirm"


class FeedbackAlreadyGiven(DomainError):
    """This side has given its feedback on this session."""

    code = "feedback_already_given"


class RatingInvalid(DomainError):
    """A rating is a whole number from 1 to 5."""

    code = "rating_invalid"
    status = 422


class EmailAlreadyRegistered(DomainError):
    """There is an account with this address."""

    code = "email_already_registered"


class InvitationInvalid(DomainError):
    """The link is unknown, used, revoked or too old."""

    code = "invitation_invalid"
    status = 404


class InvitationForSomeoneElse(DomainError):
    """The invitation was sent to another address."""

    code = "invitation_for_someone_else"
    status = 403


class ResetLinkInvalid(DomainError):
    """The link is unknown, used or too old."""

    code = "reset_link_invalid"
    status = 404


class RegistrationLinkInvalid(DomainError):
    """The link is unknown, used or too old."""

    code = "registration_link_invalid"
    status = 404


class AlreadyInPool(DomainError):
    """The mentor already stands in this pool."""

    code = "already_in_pool"


class AlreadyInvited(DomainError):
    """An invitation to this address is still open."""

    code = "already_invited"


class AlreadyMember(DomainError):
    """That person already acts for this organisation."""

    code = "already_member"


class FileUnreadable(DomainError):
    """The file is not a table that can be read."""

    code = "file_unreadable"
    status = 422


class FileTooLarge(DomainError):
    """The file has more rows or bytes than can be taken, which are `rows` and `megabytes`."""

    code = "file_too_large"
    status = 422


class QuotesUnmatched(DomainError):
    """In row `row` of the text file a quotation mark does not end where it should."""

    code = "quotes_unmatched"
    status = 422


class ColumnMissing(DomainError):
    """No row of the file names the column `column`, without which nothing can be taken."""

    code = "column_missing"
    status = 422


class ColumnRepeated(DomainError):
    """Two headers of the file mean the same column, `column`."""

    code = "column_repeated"
    status = 422


class FileWithoutRows(DomainError):
    """Below its header the file is empty."""

    code = "file_without_rows"
    status = 422


class IncubatorNameTaken(DomainError):
    """Another incubator has this name."""

    code = "incubator_name_taken"


class NeedTooShort(DomainError):
    """An open need says too little to be matched. `least` is how many characters it takes."""

    code = "need_too_short"
    status = 422


class PreviewUnreadable(DomainError):
    """A program asked for matches in another form than the documented one, or for too many.

    A text may have `characters`, and as many as `results` can be asked for.
    """

    code = "preview_unreadable"
    status = 422


class MatchingNotReady(DomainError):
    """The encoder is not on this machine."""

    code = "matching_not_ready"
    status = 503


class LogInNeeded(DomainError):
    """A program asked for something without being logged in."""

    code = "log_in_needed"
    status = 401


class NeedAlreadyStated(DomainError):
    """The startup has stated the same need before. `public_id` is that one's."""

    code = "need_already_stated"


class NeedNotOpen(DomainError):
    """Only an open need is matched."""

    code = "need_not_open"
