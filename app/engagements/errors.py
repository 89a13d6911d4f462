"""What the rules for engagements, their sessions and feedback forbid."""

from flask_babel import lazy_gettext as _l

from app.errors import DomainError


class ProviderFullyBooked(DomainError):
    """The provider has no free place."""

    code = "provider_fully_booked"
    sentence = _l("There is no free place left. Choose someone else or ask again later.")


class OwnPlacesTaken(ProviderFullyBooked):
    """The provider wants to accept, and all its own places are taken."""

    code = "own_places_taken"
    sentence = _l(
        "All your places are taken. Complete an engagement or raise your capacity, then accept."
    )


class ConflictOfInterest(DomainError):
    """Startup and provider are connected in a way that forbids an engagement."""

    code = "conflict_of_interest"
    sentence = _l("You and this provider are connected (%(because)s), so this cannot be asked.")


class OwnConflictOfInterest(ConflictOfInterest):
    """The same, said to the provider: which competitors and topics a startup names is its own."""

    code = "own_conflict_of_interest"
    sentence = _l("You and this startup are connected in a way that forbids this.")


class AlreadyRequested(DomainError):
    """An engagement for this need and provider is still open."""

    code = "already_requested"
    sentence = _l("You have already asked this provider about this need.")


class AlreadyInQueue(DomainError):
    """The need waits for a place with this provider."""

    code = "already_in_queue"
    sentence = _l("You wait for a place with this provider already.")


class PlaceIsFree(DomainError):
    """Nobody has to wait: the provider can be asked."""

    code = "place_is_free"
    sentence = _l("A place is free. You can ask this provider now.")


class TooManyOpenRequests(DomainError):
    """The startup waits for as many answers as it may at the same time."""

    code = "too_many_open_requests"
    sentence = _l(
        "You wait for %(limit)s answers already, places in queues among them. Withdraw a request, "
        "leave a queue, or wait for an answer first."
    )


class AlreadyPassedOn(DomainError):
    """The request came from a colleague: it is passed on once."""

    code = "already_passed_on"
    sentence = _l("A colleague passed this request on to you. Please answer it yourself.")


class ColleagueCannotTakeIt(DomainError):
    """Who is chosen cannot be asked by this startup, or not about this need.

    Which of the reasons it is would tell a mentor what the startup has not shown it.
    """

    code = "colleague_cannot_take_it"
    sentence = _l(
        "This colleague cannot take this request: they do not take requests now, were asked about "
        "it before, or are connected with the startup. Choose somebody else, or decline."
    )


class ColleagueFullyBooked(ProviderFullyBooked):
    """The colleague has no free place."""

    code = "colleague_fully_booked"
    sentence = _l("This colleague has no free place. Choose somebody else, or decline.")


class QuestionStillOpen(DomainError):
    """The provider has asked back and is not answered yet."""

    code = "question_still_open"
    sentence = _l("You have asked back already. Wait for the reply, or answer the request.")


class TooManyQuestions(DomainError):
    """The provider has asked back as often as it may about one request."""

    code = "too_many_questions"
    sentence = _l("You have asked back %(most)s times. Please answer the request now.")


class NothingAsked(DomainError):
    """No question waits for a reply."""

    code = "nothing_asked"
    sentence = _l("There is no question that waits for a reply.")


class RuleOutOfRange(DomainError):
    """A rule for requests is smaller or larger than it can be."""

    code = "rule_out_of_range"
    status = 422
    sentence = _l(
        "Hours to answer go from 8 to 720, silences from 1 to 20, open requests from 1 to 100, "
        "hours of what is late from 0 to 168, days to appeal from 1 to 90, "
        "hours in which a place is kept from 8 to 168."
    )


class AskDoesNotFit(DomainError):
    """What is asked for is not what this kind of provider gives."""

    code = "ask_does_not_fit"
    status = 422
    sentence = _l("This provider cannot be asked for that.")


class ServiceUnknown(DomainError):
    """The centre offers no such service, or none was named."""

    code = "service_unknown"
    status = 422
    sentence = _l("Choose a service of the centre, or say in words what is to be done.")


class DayGoneBy(DomainError):
    """The day is over."""

    code = "day_gone_by"
    status = 422
    sentence = _l("That day has gone by. Choose a later one.")


class DocumentsTellTheName(DomainError):
    """Documents say whose they are, and the startup's name is not released."""

    code = "documents_tell_the_name"
    status = 422
    sentence = _l(
        "Documents show whose they are. Let the provider see the name of your startup, or send "
        "no documents."
    )


class NothingHeld(DomainError):
    """An engagement without a session that was held cannot be completed."""

    code = "nothing_held"
    sentence = _l("An engagement can be completed once a session was held.")


class SessionsStillOpen(DomainError):
    """A session is proposed or confirmed and neither recorded nor cancelled."""

    code = "sessions_still_open"
    sentence = _l("A time is still planned. Record it or cancel it, then complete the engagement.")


class SessionAlreadyPlanned(DomainError):
    """Another session of the same engagement is planned for that time."""

    code = "session_already_planned"
    sentence = _l("Another time of this engagement is already planned then.")


class SessionTimeInvalid(DomainError):
    """Not on a quarter of an hour, or shorter or longer than a session can be."""

    code = "session_time_invalid"
    status = 422
    sentence = _l("A time begins on a quarter of an hour and lasts from 15 minutes to 8 hours.")


class OfferedTimesInvalid(DomainError):
    """Nothing is offered, too much, or the same time twice."""

    code = "offered_times_invalid"
    status = 422
    sentence = _l("Offer from one to %(most)s times, each of them once and in the future.")


class OfferGone(DomainError):
    """The time is offered no more: picked, withdrawn or replaced, or who offered it is gone."""

    code = "offer_gone"
    sentence = _l(
        "This time is offered no more. Look at the page of the engagement for what is planned."
    )


class PlaceOrLinkMissing(DomainError):
    """Nobody would know where to go."""

    code = "place_or_link_missing"
    status = 422
    sentence = _l("Give a place or a link, so that both know where to meet.")


class NoPartner(DomainError):
    """The two are not engagements of one startup with two mentors, both going on."""

    code = "no_partner"
    sentence = _l("Two mentors work together who have both accepted a request of your startup.")


class AlreadyTogether(DomainError):
    """One of the two works with somebody already, or was asked to."""

    code = "already_together"
    sentence = _l("One of the two works together with another mentor already, or is asked to.")


class NotTogether(DomainError):
    """There is no second mentor with whom a time could be shared."""

    code = "not_together"
    sentence = _l("No second mentor takes part here now. Pick a time with this one.")


class AttendeesInvalid(DomainError):
    """Nobody, too many, or somebody who does not act for the startup."""

    code = "attendees_invalid"
    status = 422
    sentence = _l("Name from one to %(most)s people of your startup.")


class SessionNotOver(DomainError):
    """What became of a session can be recorded only after its end."""

    code = "session_not_over"
    sentence = _l("This can be recorded once its time is over.")


class PlaceNotAgreed(DomainError):
    """Whoever wanted another place, to which the other side said nothing, counts it as missing."""

    code = "place_not_agreed"
    sentence = _l(
        "You changed the place and the other side had not agreed, so it is not counted as missing. "
        "Record it without saying who was missing, or say that your side was."
    )


class SessionBegun(DomainError):
    """A confirmed time that has begun can be recorded alone."""

    code = "session_begun"
    sentence = _l(
        "This time has begun. Say after its end whether it took place, and who was missing."
    )


class NothingCounted(DomainError):
    """Without an incubator there is nobody to appeal to, and nothing counts."""

    code = "nothing_counted"
    sentence = _l("This startup had no incubator, so nothing is counted here.")


class NobodyDecides(DomainError):
    """Without an incubator nobody could decide which of the two sides is right."""

    code = "nobody_decides"
    sentence = _l("This startup had no incubator, so nobody could decide. Write to the other side.")


class AlreadyContradicted(DomainError):
    """What the operators decided is not asked again."""

    code = "already_contradicted"
    sentence = _l("The operators have decided about this already.")


class AppealTooLate(DomainError):
    """The days in which one can appeal are over."""

    code = "appeal_too_late"
    sentence = _l("The %(days)s days to appeal are over.")


class OtherSideMustConfirm(DomainError):
    """Who proposed a time cannot confirm it."""

    code = "other_side_must_confirm"
    sentence = _l("You proposed this time. The other side has to confirm it.")


class FeedbackAlreadyGiven(DomainError):
    """This side has given its feedback on this session."""

    code = "feedback_already_given"
    sentence = _l("Your side has already given its feedback on this.")


class RatingInvalid(DomainError):
    """A rating is a whole number from 1 to 5."""

    code = "rating_invalid"
    status = 422
    sentence = _l("A rating is a whole number from 1 to 5.")
