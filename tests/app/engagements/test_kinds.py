"""A fund and a centre through the pages and the API: deals and orders, never coaching."""

import json
import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any
from urllib.parse import quote

import pytest
from flask import Flask
from sqlalchemy import select

from app.clock import now
from app.engagements.request_forms import FundingRequestForm
from app.extensions import db
from app.mandates.values import AskValues
from app.web.api import get_document
from models.contradictions import Contradiction
from models.engagements import CoachingSession, Engagement
from models.missed_times import MissedTime
from models.needs import Need
from models.notices import OutboxMail
from models.vocabulary import NeedKind, ProviderKind, Side
from tests.app.engagements.sites import Site

pytestmark = [
    pytest.mark.engagements,
    pytest.mark.parametrize("dialect", ["sqlite"], indirect=True),
]

FOREIGN = ("session", "coach", "meeting link", "link to the meeting")
IN_A_MONTH = (now() + timedelta(days=30)).date().isoformat()

FUNDING = {
    "amount": "300",
    "instrument": "equity",
    "stage": "seed",
    "milestone": "Two tape-outs",
    "use_of_funds": "A third one",
    "closing_on": IN_A_MONTH,
}
ORDER = {
    "service_name": "Ageing at 175 degrees",
    "quantity": "77",
    "wished_on": IN_A_MONTH,
    "sample": "Three lots in trays",
    "claim": "Drift below a tenth",
}
COACHING = {
    "goal": "Know what is to blame",
    "meeting_form": "online",
    "wished_time": "Friday",
}


@pytest.fixture
def site(app: Flask) -> Site:
    return Site(app)


def read_main(text: str) -> str:
    """What a reader is told in the main part of a page, without addresses."""
    main = text.partition("<main")[2].partition("</main>")[0]
    return " ".join(part.partition(">")[2] for part in main.split("<")).lower()


@pytest.mark.parametrize(
    ("kind", "said", "shown"),
    [
        (ProviderKind.MENTOR, COACHING, ("Know what is to blame", "Online", "Friday")),
        (ProviderKind.INVESTOR, FUNDING, ("CNY 3,000,000", "Equity", "Two tape-outs")),
        (ProviderKind.CENTRE, ORDER, ("Ageing at 175 degrees", "77", "Drift below a tenth")),
    ],
)
def test_a_request_asks_for_what_the_kind_gives_and_shows_it(
    site: Site, kind: ProviderKind, said: dict[str, str], shown: tuple[str, ...]
) -> None:
    form = site.browse("founder").get(f"/needs/{site.need}/request/{site.providers[kind]}").text
    for name in said:
        assert f'name="{name}"' in form
    # The story stands there already.
    assert "Our silicon-carbide yield stays at 40 %." in form

    answer = site.ask(kind, **said)
    assert answer.status_code == 303, answer.text
    page = site.browse(kind).get(answer.location).text
    for words in shown:
        assert words in page
    if kind is not ProviderKind.MENTOR:
        told = read_main(page) + read_main(form)
        assert [word for word in FOREIGN if word in told] == []


def test_what_others_have_promised_is_not_asked_for_again(site: Site) -> None:
    with site.app.test_request_context():
        for ask, left in (
            (AskValues(), 6_000_000),
            (AskValues(raised_yuan=1_500_000), 4_500_000),
            (AskValues(target_yuan=5_000_000, raised_yuan=2_000_000), 3_000_000),
            (AskValues(raised_yuan=7_000_000), None),
        ):
            form = FundingRequestForm(data={"amount": 6_000_000})
            form.ask_for_rest(ask)
            assert form.amount.data == left


def test_a_mentor_who_is_asked_without_a_word_reads_that_there_is_none(site: Site) -> None:
    answer = site.ask(ProviderKind.MENTOR, message="")
    page = site.browse(ProviderKind.MENTOR).get(answer.location).text
    request = page.partition('<h2 id="request">')[2].partition("</section>")[0]
    assert "The request came without a message." in request and "<dl" not in request


@pytest.mark.parametrize(
    ("kind", "said", "wrong"),
    [
        (ProviderKind.INVESTOR, FUNDING | {"amount": ""}, "amount"),
        (ProviderKind.INVESTOR, FUNDING | {"amount": "0"}, "amount"),
        (ProviderKind.INVESTOR, FUNDING | {"closing_on": "2026-01-02"}, "closing_on"),
        (ProviderKind.CENTRE, ORDER | {"service_name": ""}, "service_name"),
        (ProviderKind.CENTRE, ORDER | {"quantity": "0"}, "quantity"),
        (ProviderKind.CENTRE, ORDER | {"wished_on": "2026-01-02"}, "wished_on"),
        (ProviderKind.CENTRE, ORDER | {"service": "0" * 16}, "service"),
        (ProviderKind.MENTOR, COACHING | {"meeting_form": "by post"}, "meeting_form"),
    ],
)
def test_what_is_wrong_is_said_beside_its_field(
    site: Site, kind: ProviderKind, said: dict[str, str], wrong: str
) -> None:
    answer = site.ask(kind, **said)
    assert answer.status_code == 422
    assert f'id="{wrong}-error"' in answer.text
    with site.app.app_context():
        assert db.session.query(Engagement).count() == 0


@pytest.mark.parametrize(
    ("kind", "said"), [(ProviderKind.MENTOR, COACHING), (ProviderKind.CENTRE, ORDER)]
)
def test_of_several_times_the_first_is_needed_and_a_place_where_there_is_no_link(
    site: Site, kind: ProviderKind, said: dict[str, str]
) -> None:
    address = site.ask(kind, **said).location
    provider = site.browse(kind)
    provider.post(f"{address}/accept")
    needs_place = kind is ProviderKind.CENTRE
    offer = provider.get(f"{address}/offer").text
    for name, is_needed in {
        "on_1": True,
        "clock_1": True,
        "on_2": False,
        "clock_5": False,
        "minutes": True,
        "place": needs_place,
    }.items():
        assert is_called_needed(offer, name) is is_needed, name
    assert is_called_needed(provider.get(address).text, "place") is needs_place
    answer = provider.post(f"{address}/offer", data={"minutes": "60", "place": "Room 3"})
    assert answer.status_code == 422 and 'id="on_1-error"' in answer.text
    # Of five fields for a day each is called by its number, also where errors are summed up.
    late = {"on_3": "2026-01-02", "clock_3": "10:00", "minutes": "60", "place": "Room 3"}
    assert '"#clock_3">Time 3: begins at</a>' in provider.post(f"{address}/offer", data=late).text


def is_called_needed(page: str, name: str) -> bool:
    """Whether eyes and screen readers are told that the field so named is needed."""
    label = page.partition(f'for="{name}"')[2].partition("</label>")[0]
    (field,) = re.findall(rf'<(?:input|select)[^>]* name="{name}"[^>]*>', page)
    told = {"optional" not in label, " required" in field}
    assert len(told) == 1, (label, field)
    return told == {True}


@pytest.mark.parametrize(
    ("kind", "said"), [(ProviderKind.INVESTOR, FUNDING), (ProviderKind.CENTRE, ORDER)]
)
def test_the_whole_way_speaks_of_no_coaching(
    site: Site, kind: ProviderKind, said: dict[str, str]
) -> None:
    address = site.ask(kind, **said).location
    provider, founder = site.browse(kind), site.browse("founder")
    provider.post(f"{address}/accept")
    local = (now() + timedelta(days=3, hours=8)).replace(minute=0)
    plan = {
        "on": local.strftime("%Y-%m-%d"),
        "clock": local.strftime("%H:%M"),
        "minutes": "60",
        "place": "Reception, building 3",
        "link": "",
    }
    assert provider.post(f"{address}/sessions", data=plan).status_code == 303
    pages = [provider.get(address).text, founder.get(address).text, founder.get("/calendar").text]
    assert "Reception, building 3" in pages[0]
    with site.app.app_context():
        (time,) = db.session.query(Engagement).one().sessions
        number = time.public_id
    pages += [founder.get(f"/sessions/{number}/{verb}").text for verb in ("move", "cancel")]
    assert founder.post(f"/sessions/{number}/confirm", data={"sequence": "0"}).status_code == 303
    pages += [provider.get(address).text, founder.get("/dashboard").text, founder.get("/help").text]
    entry = founder.get(f"/sessions/{number}/session.ics")
    pages.append(f"<main>{entry.text}{entry.headers['Content-Disposition']}</main>")
    with site.app.app_context():
        mails = db.session.query(OutboxMail).all()
        assert {mail.kind.partition("_")[0] for mail in mails} <= {
            "engagement",
            *(("deal", "talk") if kind is ProviderKind.INVESTOR else ("order", "appointment")),
        }
    told = " ".join(read_main(page) for page in pages)
    assert [word for word in FOREIGN if word in told] == []
    # A centre is come to: nobody asks for an address of the web.
    assert ('name="link"' in pages[0]) is (kind is ProviderKind.INVESTOR)


def differ(site: Site, provider: Any, founder: Any, look: Callable[..., None]) -> None:
    """Times that one side says were missed and the other held, an appeal, and an objection."""
    with site.app.app_context():
        engagement = db.session.scalars(select(Engagement)).one()
        begun = now() - timedelta(days=2)
        times = [
            CoachingSession(
                starts_at=begun + timedelta(hours=hours),
                ends_at=begun + timedelta(hours=hours + 1),
                place="Gate 2",
                state="confirmed",
                proposed_by_side=Side.PROVIDER,
                created_at=begun,
            )
            for hours in range(5)
        ]
        engagement.sessions.extend(times)
        db.session.commit()
        ids = [each.public_id for each in times]
    missed = {"missed_by": "provider", "words": "Nobody was at the gate"}
    for number, ends in zip(ids[:4], ("take-back", "concede") * 2, strict=True):
        is_missed = number in ids[:2]
        first, second = (founder, provider) if is_missed else (provider, founder)
        record, said = ("missed", missed) if is_missed else ("held", {})
        assert first.post(f"/sessions/{number}/{record}", data=said).status_code == 303
        look(f"/sessions/{number}/contradict")
        answer = second.post(f"/sessions/{number}/contradict", data=missed)
        assert answer.status_code == 303, answer.text
        with site.app.app_context():
            row = db.session.scalars(select(Contradiction).where(Contradiction.state == "open"))
            path = f"/contradictions/{row.one().public_id}"
        look(path)
        chosen = second if ends == "take-back" else first
        assert chosen.post(f"{path}/{ends}").status_code == 303
    assert founder.post(f"/sessions/{ids[4]}/missed", data=missed).status_code == 303
    with site.app.app_context():
        rows = db.session.scalars(select(MissedTime).order_by(MissedTime.id.desc()))
        appealed = rows.first()
        assert appealed is not None
        path = f"/missed-times/{appealed.public_id}"
    look(path)
    assert provider.post(f"{path}/appeal", data={"appeal": "It was shut"}).status_code == 303
    look(path)


# What no page of an order says, and what none of a talk about money does, in both languages.
COACHING_WORDS = {
    ProviderKind.CENTRE: {
        "en": ("session", "coach", "meeting", "mentor"),
        "zh": ("辅导", "会议", "会面", "见面", "导师", "会谈"),
    },
    ProviderKind.INVESTOR: {
        "en": ("session", "coach", "meeting", "mentor"),
        "zh": ("辅导", "会议", "导师"),
    },
}


@pytest.mark.parametrize(
    ("kind", "said"), [(ProviderKind.INVESTOR, FUNDING), (ProviderKind.CENTRE, ORDER)]
)
def test_no_page_of_either_side_has_the_words_of_coaching(
    site: Site, kind: ProviderKind, said: dict[str, str]
) -> None:
    """Everything that both sides see of the whole way, hours and mails among it."""
    with site.app.app_context():
        # The kind of need is its own word.
        need = db.session.scalars(select(Need).where(Need.public_id == site.need)).one()
        need.kind = NeedKind.VERIFICATION if kind is ProviderKind.CENTRE else NeedKind.FUNDING
        db.session.commit()
    own = site.providers[kind]
    sides = {"founder": site.browse("founder"), kind: site.browse(kind)}
    hours = {"time_zone": "Asia/Shanghai", "buffer_minutes": "15", "notice_hours": "1"}
    hours |= {"horizon_days": "60", "place": "Gate 2", "version": ""}
    for day in range(7):
        hours |= {f"begins_{day}_0": "00:00", f"ends_{day}_0": "00:00"}
    availability = f"/providers/{own}/availability"
    told: dict[str, list[str]] = {"en": [], "zh": []}

    def look(*paths: str) -> None:
        for browser in sides.values():
            for locale, spoken in (("en", "en"), ("zh_Hans_CN", "zh")):
                chosen = browser.post("/locale", data={"locale": locale})
                assert chosen.status_code == 303
                for path in paths:
                    page = browser.get(path)
                    assert page.status_code in (200, 403, 404, 409), path
                    if page.status_code == 200:
                        told[spoken].append(read_main(page.text))

    refused = sides[kind].post(availability, data=hours | {"place": "", "week_limit": "0"})
    assert refused.status_code == 422
    told["en"].append(read_main(refused.text))
    assert sides[kind].post(availability, data=hours).status_code == 303
    address = site.ask(kind, **said).location
    look(address, f"/needs/{site.need}/request/{own}", "/dashboard", "/engagements")
    sides[kind].post(f"{address}/accept")
    since, until = (quote((now() + timedelta(days=days)).isoformat()) for days in (2, 4))
    span = f"since={since}&until={until}"
    free = site.program("founder").get(f"{address}/free-times?{span}").json["starts"]
    booked = f"{address}/book?at={quote(free[0])}&minutes=60"
    look(address, availability, f"{address}/free-times", booked, f"{address}/offer", "/calendar")
    nowhere = sides["founder"].post(booked, data={"place": "", "link": ""})
    assert nowhere.status_code == 422
    told["en"].append(read_main(nowhere.text))
    for starts_at in free[:2]:
        path = f"{address}/book?at={quote(starts_at)}&minutes=30"
        place = {"place": "Gate 2", "link": ""}
        if starts_at is free[0]:
            assert sides["founder"].post(path, data=place).status_code == 303
        else:
            # Too close: said in the words of times.
            refused = sides["founder"].post(path, data=place)
            assert refused.status_code == 409
            told["en"].append(read_main(refused.text))
    with site.app.app_context():
        (time,) = db.session.query(Engagement).one().sessions
        time_id = time.public_id
    look(*(f"/sessions/{time_id}/{verb}" for verb in ("move", "cancel")), f"{address}/workspace")
    with site.app.app_context():
        # It is over.
        time = db.session.scalars(select(CoachingSession)).one()
        time.starts_at, time.ends_at = now() - timedelta(hours=2), now() - timedelta(hours=1)
        db.session.commit()
    look(address, "/dashboard", f"/sessions/{time_id}/missed")
    assert sides[kind].post(f"/sessions/{time_id}/held").status_code == 303
    minutes = {"minutes": "The sample is in", "version": "0"}
    assert sides[kind].post(f"/sessions/{time_id}/minutes", data=minutes).status_code == 303
    look(
        *(f"/sessions/{time_id}/{verb}" for verb in ("feedback", "minutes")),
        *(f"{address}/{page}" for page in ("workspace", "story", "fit")),
        *(address, "/dashboard", "/calendar"),
    )
    assert sides["founder"].post(f"{address}/fit", data={"fit": "poor"}).status_code == 303
    look(f"{address}/fit")
    differ(site, sides[kind], sides["founder"], look)
    look("/missed-times", "/notices", address, f"{address}/story", f"/providers/{own}/evaluation")
    reason = {"reason": "Done elsewhere"}
    assert sides["founder"].post(f"{address}/cancel", data=reason).status_code == 303
    look(address, f"{address}/end-feedback", f"{address}/story", "/dashboard", "/notices")
    with site.app.app_context():
        mails = db.session.query(OutboxMail).all()
        assert len({mail.kind for mail in mails}) >= 5
    assert len([page for page in told["zh"] if "时间" in page]) > 20
    wrong = {
        (word, page[max(0, page.find(word) - 60) : page.find(word) + 60])
        for spoken, words in COACHING_WORDS[kind].items()
        for page in told[spoken]
        for word in words
        if word in page
    }
    assert wrong == set()


def test_each_resource_has_the_times_of_its_own_kind(site: Site) -> None:
    site.ask(ProviderKind.CENTRE, **ORDER)
    founder, centre = site.program("founder"), site.program(ProviderKind.CENTRE)
    (order,) = founder.get("/engagements").json["items"]
    path = f"/engagements/{order['id']}"
    assert centre.post(f"{path}/accept").status_code == 200
    begins = (now() + timedelta(days=3)).replace(minute=0, second=0, microsecond=0)
    plan = {
        "starts_at": begins.isoformat(),
        "ends_at": (begins + timedelta(hours=1)).isoformat(),
        "place": "Reception",
    }
    assert centre.post(f"{path}/sessions", plan, Idempotency_Key="a").status_code == 404
    linked = plan | {"link": "https://meet.example.org/a"}
    refused = centre.post(f"{path}/times", linked, Idempotency_Key="b")
    assert [each["pointer"] for each in refused.json["errors"]] == ["/link"]
    made = centre.post(f"{path}/times", plan, Idempotency_Key="c").json["id"]
    assert founder.get(f"/times/{made}").status_code == 200
    assert founder.get(f"/sessions/{made}").status_code == 404
    confirmed = founder.post(f"/sessions/{made}/confirm", {"sequence": 0})
    assert confirmed.status_code == 404


def test_programs_order_and_speak_of_times(site: Site) -> None:
    founder, centre = site.program("founder"), site.program(ProviderKind.CENTRE)
    order = ORDER | {"quantity": 77}
    body = {"need": site.need, "provider": site.providers[ProviderKind.CENTRE], "asked": order}
    made = founder.post("/engagements", body, Idempotency_Key="order")
    assert made.status_code == 201, made.text
    assert made.json["provider_kind"] == "centre"
    assert made.json["asked"] == order | {"service_id": None}
    path = f"/engagements/{made.json['id']}"
    accepted = centre.post(f"{path}/accept")
    assert "propose_time" in accepted.json["actions"]
    begins = (now() + timedelta(days=3)).replace(minute=0, second=0, microsecond=0)
    plan = {
        "starts_at": begins.isoformat(),
        "ends_at": (begins + timedelta(hours=1)).isoformat(),
        "place": "Reception",
    }
    proposed = centre.post(f"{path}/times", plan, Idempotency_Key="time")
    assert proposed.status_code == 201, proposed.text
    time = f"/times/{proposed.json['id']}"
    assert proposed.headers["Location"].endswith(time)
    # Nobody meets a centre behind a link, so nothing of it has one.
    hours = f"/providers/{site.providers[ProviderKind.CENTRE]}/availability"
    shown = centre.get(hours)
    refused = centre.patch(
        hours, {"link": "https://meet.example.org/a"}, If_Match=shown.headers["ETag"]
    )
    assert (refused.status_code, refused.json["errors"][0]["pointer"]) == (422, "/link")
    changed = centre.patch(hours, {"place": "Gate 1"}, If_Match=shown.headers["ETag"])
    assert changed.json["place"] == "Gate 1"
    (listed,) = founder.get("/times").json["items"]
    told = {
        "ReceivingHours": (shown.json, changed.json),
        "Appointment": (proposed.json, founder.get(time).json),
        "AppointmentSummary": (listed,),
        "OfferedAppointments": (founder.get(f"{path}/offer").json,),
        "AppointmentRow": founder.get(f"{path}?include=times").json["included"]["times"],
    }
    said = read_objects(site)
    for name, answers in told.items():
        for answer in answers:
            assert {*said[name]["required"]} <= {*answer} <= {*said[name]["properties"]}, name
    assert founder.get(time).json["state"] == "proposed"
    assert founder.post(f"{time}/move", plan | {"place": "Gate 2"}).json["place"] == "Gate 2"
    assert centre.post(f"{time}/confirm", {"sequence": 1}).json["state"] == "confirmed"
    assert [each["id"] for each in founder.get("/times").json["items"]] == [proposed.json["id"]]
    assert founder.post(f"{time}/held").json["code"] == "session_not_over"
    assert founder.post(f"{time}/missed").status_code == 409
    said: dict[str, object] = {"rating": 5}
    # Nothing is said for whoever does not say it.
    assert centre.post(f"{time}/feedback", said, Idempotency_Key="e").status_code == 422
    said |= {"wants_to_continue": True}
    assert centre.post(f"{time}/feedback", said, Idempotency_Key="f").status_code == 409
    assert centre.post(f"{time}/cancel", {"reason": "Closed"}).json["state"] == "cancelled"
    shown = founder.get(path).json
    assert [each["place"] for each in shown["times"]] == ["Gate 2"]
    assert centre.post(f"{path}/complete").json["state"] == "completed"
    said = json.dumps(founder.get(path).json).lower()
    assert [word for word in FOREIGN if word in said] == []


def read_objects(site: Site) -> dict[str, dict[str, Any]]:
    with site.app.app_context():
        objects: dict[str, dict[str, Any]] = get_document()["components"]["schemas"]
    return objects


def test_the_document_says_of_appointments_what_holds_for_them(site: Site) -> None:
    with site.app.app_context():
        document = get_document()
    objects = document["components"]["schemas"]
    of_centres = {name for name in objects if re.match(r"(?!.*Part$).*Appointment|Receiving", name)}
    assert len(of_centres) == 9
    # Everything that leads to one of them from an address that serves all kinds of providers.
    unions = {
        name: [each["$ref"].rpartition("/")[2] for each in said["anyOf"]]
        for name, said in objects.items()
        if "anyOf" in said
    }
    assert {form for forms in unions.values() for form in forms if form in of_centres} == of_centres
    said_of_times = [
        said
        for path, methods in document["paths"].items()
        if "/times" in path
        for method, said in methods.items()
        if method in ("get", "post")
    ]
    reached = of_centres | set(re.findall(r"schemas/(\w+)", json.dumps(said_of_times)))
    reached -= {name for name in reached if name.endswith("Part")}
    while (
        more := {
            name
            for each in reached
            for name in re.findall(r"schemas/(\w+)", json.dumps(objects[each]))
            if "Talk" not in name
        }
        - reached
    ):
        reached |= more
    words = {
        name: [
            word
            for word in (*FOREIGN, "link")
            if word in str(objects[name].get("description", "")).lower()
            or any(word in field for field in objects[name].get("properties", ()))
        ]
        for name in reached
    }
    # The older name of `time`, which version 1 of the API keeps.
    assert {name: found for name, found in words.items() if found} == {"Minutes": ["session"]}
    summaries = " ".join(each["summary"].lower() for each in said_of_times)
    assert [word for word in (*FOREIGN, "link") if word in summaries] == []


def test_programs_book_at_a_centre_and_are_told_of_an_appointment(site: Site) -> None:
    site.ask(ProviderKind.CENTRE, **ORDER)
    founder, centre = site.program("founder"), site.program(ProviderKind.CENTRE)
    (order,) = founder.get("/engagements").json["items"]
    path = f"/engagements/{order['id']}"
    assert centre.post(f"{path}/accept").status_code == 200
    begins = (now() + timedelta(days=3)).replace(minute=0, second=0, microsecond=0)
    offer = {"starts": [begins.isoformat()], "minutes": 60, "place": "Reception"}
    linked = offer | {"link": "https://meet.example.org/a"}
    refused = centre.post(f"{path}/offer", linked)
    assert [each["pointer"] for each in refused.json["errors"]] == ["/link"]
    assert centre.post(f"{path}/offer", offer).status_code == 200
    picked = founder.post(
        f"{path}/offer/pick", {"starts_at": begins.isoformat()}, Idempotency_Key="pick"
    )
    assert picked.status_code == 201, picked.text
    said = read_objects(site)["Appointment"]
    assert {*said["required"]} <= {*picked.json} <= {*said["properties"]}
    minutes = {"text": "It came.", "version": 0}
    early = centre.post(f"/times/{picked.json['id']}/minutes", minutes)
    assert early.status_code == 409
    with site.app.app_context():
        made = db.session.scalars(select(CoachingSession)).one()
        made.starts_at, made.ends_at = now() - timedelta(hours=2), now() - timedelta(hours=1)
        made.state = "held"
        db.session.commit()
    kept = centre.post(f"/times/{picked.json['id']}/minutes", minutes)
    assert kept.status_code == 200, kept.text
    assert [each["time"] for each in kept.json["minutes"]] == [picked.json["id"]]


def test_programs_seek_funding(site: Site) -> None:
    founder = site.program("founder")
    asked = {"amount_yuan": 3_000_000, "instrument": "equity", "closing_on": IN_A_MONTH}
    body = {"need": site.need, "provider": site.providers[ProviderKind.INVESTOR], "asked": asked}
    made = founder.post("/engagements", body, Idempotency_Key="deal")
    assert made.status_code == 201, made.text
    assert made.json["asked"] == asked | {"stage": None, "milestone": "", "use_of_funds": ""}
    said = json.dumps(made.json).lower()
    assert [word for word in FOREIGN if word in said] == []


@pytest.mark.parametrize(
    ("kind", "asked", "pointer"),
    [
        ("mentor", {"amount_yuan": 1}, "/asked/amount_yuan"),
        ("investor", {"instrument": "equity"}, "/asked/amount_yuan"),
        ("investor", {"amount_yuan": 0}, "/asked/amount_yuan"),
        ("investor", {"amount_yuan": 1, "goal": "Learn"}, "/asked/goal"),
        ("centre", {"quantity": 0}, "/asked/quantity"),
        ("centre", {"wished_on": "soon"}, "/asked/wished_on"),
        ("centre", {"wished_on": "2026-02-30"}, "/asked/wished_on"),
        ("centre", {"milestone": "Two"}, "/asked/milestone"),
        ("mentor", {"colour": "red"}, "/asked/colour"),
    ],
)
def test_programs_are_told_what_does_not_fit(
    site: Site, kind: str, asked: dict[str, Any], pointer: str
) -> None:
    body = {"need": site.need, "provider": site.providers[ProviderKind(kind)], "asked": asked}
    refused = site.program("founder").post("/engagements", body, Idempotency_Key="x")
    assert refused.status_code == 422, refused.text
    assert [each["pointer"] for each in refused.json["errors"]] == [pointer]


def test_programs_name_a_service_of_the_centre(site: Site) -> None:
    founder = site.program("founder")
    provider = site.providers[ProviderKind.CENTRE]
    (service,) = founder.get(f"/providers/{provider}").json["centre"]["services"]
    body = {"need": site.need, "provider": provider, "asked": {"service_name": service["name"]}}
    made = founder.post("/engagements", body, Idempotency_Key="order").json["asked"]
    assert made["service_id"] is not None
    body["asked"] = {"service_id": made["service_id"]}
    again = founder.post("/engagements", body, Idempotency_Key="again")
    assert (again.status_code, again.json["code"]) == (409, "already_requested")
