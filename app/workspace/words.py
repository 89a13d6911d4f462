"""The words of this room: states of actions, the story, what people are told."""

from collections.abc import Mapping
from types import MappingProxyType

from flask_babel import LazyString
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from app.engagements.words import get_trace_words
from app.words.kind_words import WORDS_BY_KIND
from app.words.labels import Tone, Word
from app.words.wording import NoticeWording
from models.engagements import Engagement
from models.vocabulary import Side

STATES: Mapping[str, Mapping[str, Word]] = MappingProxyType(
    {
        "action": {
            "open": Word(_l("To be done"), Tone.WAITS),
            "done": Word(_l("Done"), Tone.FITS),
            "dropped": Word(_l("Dropped"), Tone.OVER),
        }
    }
)

# Sentences of the story by the kind of an entry; %(startup)s and %(provider)s are the two sides,
# %(who)s the one that did it. Other kinds have the words of the trace.
STORY: Mapping[str, LazyString] = MappingProxyType(
    {
        "requested": _l("%(startup)s asked %(provider)s."),
        "asked_back": _l("%(provider)s had a question before answering."),
        "replied": _l("%(startup)s replied."),
        "received": _l("A colleague passed the request on to %(provider)s."),
        "accepted": _l("%(provider)s said yes."),
        "cancelled": _l("The engagement was cancelled."),
        "completed": _l("The engagement was completed."),
        "session_proposed": _l("A time was proposed."),
        "session_confirmed": _l("The time was confirmed."),
        "session_moved": _l("Another time was proposed."),
        "session_booked": _l("A free time was booked."),
        "session_cancelled": _l("A time was cancelled."),
        "session_attendees_named": _l("It was said who comes."),
        "session_contradicted": _l("What was recorded of a time was contradicted."),
        "times_offered": _l("Several times were offered."),
        "offer_withdrawn": _l("The offered times were withdrawn."),
        "feedback_given": _l("Feedback was given."),
        "message": _l("%(who)s wrote a message."),
        "messages": _l("%(who)s wrote %(count)s messages."),
        "conversation": _l("%(startup)s and %(provider)s exchanged %(count)s messages."),
        "minutes": _l("Minutes were written."),
        "item_added": _l("It was agreed that %(who)s has something to do."),
        "item_done": _l("%(who)s did what was agreed."),
        "item_dropped": _l("An action was dropped."),
        "file": _l("%(who)s showed a document."),
        "operators_invited": _l("%(who)s let the operators read along."),
        "operators_dismissed": _l("The operators no longer read along."),
    }
)

# What of the startup's profile is compared, as a page calls it.
COLUMNS: Mapping[str, LazyString] = MappingProxyType(
    {
        "one_line": _l("In one line"),
        "description": _l("Description"),
        "fields": _l("Fields"),
        "topics": _l("Topics"),
        "ladder": _l("Company ladder"),
        "funding_stage": _l("Funding stage"),
        "readiness": _l("Technology readiness"),
        "gate": _l("Verification gate"),
        "place_code": _l("Place"),
        "languages": _l("Languages"),
        "website": _l("Website"),
    }
)


# The same where it is known which time it was about: %(when)s, and %(former)s before it was moved.
STORY_OF_TIMES: Mapping[str, LazyString] = MappingProxyType(
    {
        "session_proposed": _l("A time was proposed: %(when)s."),
        "session_confirmed": _l("The time was confirmed: %(when)s."),
        "session_moved": _l("Another time was proposed: %(when)s in the place of %(former)s."),
        "session_moved_elsewhere": _l("Another place was proposed for %(when)s."),
        "session_booked": _l("A free time was booked: %(when)s."),
        "session_cancelled": _l("A time was cancelled: %(when)s."),
        "session_attendees_named": _l("It was said who comes: %(when)s."),
        "session_contradicted": _l("What was recorded of a time was contradicted: %(when)s."),
        "times_offered": _l("A time was offered: %(when)s."),
        "feedback_given": _l("Feedback was given on what took place: %(when)s."),
        "minutes": _l("Minutes were written of %(when)s."),
    }
)

# Both where it is known who did it: %(who)s.
STORY_OF_PEOPLE: Mapping[str, LazyString] = MappingProxyType(
    {
        "cancelled": _l("%(who)s cancelled the engagement."),
        "completed": _l("%(who)s completed the engagement."),
        "times_offered": _l("%(who)s offered several times."),
        "offer_withdrawn": _l("%(who)s withdrew the offered times."),
        "feedback_given": _l("%(who)s gave feedback."),
    }
)
STORY_OF_PEOPLE_AND_TIMES: Mapping[str, LazyString] = MappingProxyType(
    {
        "session_proposed": _l("%(who)s proposed a time: %(when)s."),
        "session_confirmed": _l("%(who)s confirmed the time: %(when)s."),
        "session_moved": _l("%(who)s proposed another time: %(when)s in the place of %(former)s."),
        "session_moved_elsewhere": _l("%(who)s proposed another place for %(when)s."),
        "session_booked": _l("%(who)s booked a free time: %(when)s."),
        "session_cancelled": _l("%(who)s cancelled a time: %(when)s."),
        "session_attendees_named": _l("%(who)s said who comes: %(when)s."),
        "session_contradicted": _l("%(who)s contradicted what was recorded of a time: %(when)s."),
        "times_offered": _l("%(who)s offered a time: %(when)s."),
        "feedback_given": _l("%(who)s gave feedback on what took place: %(when)s."),
        "minutes": _l("%(who)s wrote the minutes of %(when)s."),
    }
)


def word_step(
    kind: str,
    engagement: Engagement,
    *,
    side: Side | None = None,
    count: int = 0,
    when: str = "",
    former: str = "",
    who: str = "",
    for_whom: str = "",
) -> str:
    """One sentence of the story, in the reader's language and with the names of both sides.

    `when` is the one time that it was about, and `former` what that was before, in words; "" for
    none or many. `who` did it in person, for `for_whom` if anybody; "" where nobody is to be named.
    """
    names = {"startup": engagement.startup.name, "provider": engagement.provider.name}
    kind_of_provider = engagement.provider.kind
    told = WORDS_BY_KIND[kind_of_provider].story.get(kind) or STORY.get(kind)
    dated = "session_moved_elsewhere" if kind == "session_moved" and not former else kind
    if when:
        told = STORY_OF_TIMES.get(dated) or told
    of_people = STORY_OF_PEOPLE_AND_TIMES.get(dated) if when else STORY_OF_PEOPLE.get(kind)
    if who and of_people:
        told = of_people
        who = _("%(who)s for %(whom)s", who=who, whom=for_whom) if for_whom else who
    else:
        who = names[side.value] if side is not None else ""
    words = told or get_trace_words(kind_of_provider)[kind]
    return str(words) % {**names, "who": who, "count": count, "when": when, "former": former}


NOTICES: Mapping[str, NoticeWording] = MappingProxyType(
    {
        "workspace_messages": NoticeWording(
            _l("%(who)s wrote to you: %(need)s"),
            _l("New messages about “%(need)s”: %(count)s."),
        ),
        "minutes_written": NoticeWording(
            _l("Minutes of %(time)s: %(need)s"),
            _l("%(who)s wrote or changed the minutes of %(time)s, about “%(need)s”."),
        ),
        "action_items_added": NoticeWording(
            _l("Agreed with %(who)s: %(need)s"),
            _l("New actions about “%(need)s”, written down by %(who)s: %(count)s. %(items)s"),
        ),
        "action_items_finished": NoticeWording(
            _l("%(who)s got something done: %(need)s"),
            _l("Actions about “%(need)s” that %(who)s ticked off: %(count)s. %(items)s"),
        ),
        "workspace_files": NoticeWording(
            _l("%(who)s shows you a document: %(need)s"),
            _l("Documents about “%(need)s” that you can open now: %(count)s. %(items)s"),
        ),
        "operators_invited": NoticeWording(
            _l("%(who)s asks you to read along: %(need)s"),
            _l(
                "%(who)s lets you read what %(startup)s and %(provider)s write to each other about "
                "“%(need)s”, until that is taken back."
            ),
        ),
        "operators_read_along": NoticeWording(
            _l("The operators of the incubator read along: %(need)s"),
            _l(
                "%(who)s lets the operators of the incubator read the workspace about “%(need)s”, "
                "but not the notes for both of you."
            ),
        ),
    }
)
