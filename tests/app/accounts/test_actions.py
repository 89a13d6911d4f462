from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.access import make_actor
from app.accounts import actions, queries
from app.accounts.errors import (
    AlreadyInvited,
    AlreadyMember,
    EmailAlreadyRegistered,
    InvitationForSomeoneElse,
    InvitationInvalid,
    RegistrationLinkInvalid,
    ResetLinkInvalid,
)
from app.accounts.passwords import hash_password
from app.errors import NotFound, NotPermitted
from app.signing import Signer
from models.audit import AuditEntry
from models.lifecycle import ActionNotAllowed
from models.notices import Notice, OutboxMail
from models.passkeys import Passkey
from models.people import Invitation, Membership, Person
from models.provider_links import ProviderLink
from models.vocabulary import Role
from tests.factories import (
    AT,
    PASSWORD,
    act_as,
    admit,
    join,
    make_incubator,
    make_investor,
    make_mentor,
    make_person,
    make_startup,
)

SIGNER = Signer("only for tests")
SECOND = timedelta(seconds=1)


def get_link(session: Session, kind: str) -> str:
    mail = session.scalars(select(OutboxMail).where(OutboxMail.kind == kind)).one()
    assert mail.path == ""  # a secret stands in the facts, which are emptied after sending
    return mail.facts["link"].rpartition("/")[2]


def register(session: Session, email: str) -> Person:
    return actions.register(
        session,
        email=email,
        name="Wafer founder",
        password_hash=hash_password(PASSWORD),
        locale="en",
        time_zone="Asia/Shanghai",
        at=AT,
    )


def list_mails(session: Session) -> list[tuple[str, str]]:
    rows = session.execute(select(OutboxMail.address, OutboxMail.kind).order_by(OutboxMail.id))
    return [(address, kind) for address, kind in rows]


def list_record(session: Session) -> list[tuple[str, int | None, int | None, int | None]]:
    return [
        (each.kind, each.actor_id, each.on_behalf_of_id, each.incubator_id)
        for each in session.scalars(select(AuditEntry).order_by(AuditEntry.id))
    ]


class TestRegistering:
    def test_someone_new_can_log_in_and_acts_for_nobody(self, session: Session) -> None:
        person = register(session, "Wafer@Example.org ")

        assert person.email == "wafer@example.org"
        assert person.memberships == []
        assert (
            queries.find_person_by_credentials(
                session, email="WAFER@example.org", password=PASSWORD
            )
            is person
        )

    def test_an_address_registers_once_however_it_is_written(self, session: Session) -> None:
        register(session, "wafer@example.org")

        with pytest.raises(EmailAlreadyRegistered):
            register(session, "WAFER@example.org")

        assert len(session.scalars(select(Person)).all()) == 1

    @pytest.mark.privacy
    def test_beginning_leaves_one_mail_for_a_known_and_an_unknown_address(
        self, session: Session
    ) -> None:
        make_person(session, email="known@example.org")

        for email in ("known@example.org", "new@example.org"):
            actions.begin_registration(
                session, email=email, name="X", locale="en", signer=SIGNER, at=AT
            )
        session.flush()

        assert list_mails(session) == [
            ("known@example.org", "already_registered"),
            ("new@example.org", "registration_begun"),
        ]
        assert session.scalars(select(Person.email)).all() == ["known@example.org"]

    def begin(self, session: Session) -> str:
        actions.begin_registration(
            session, email="new@example.org", name="陈工", locale="zh_Hans_CN", signer=SIGNER, at=AT
        )
        session.flush()
        return get_link(session, "registration_begun")

    def confirm(self, session: Session, token: str, at: timedelta = SECOND) -> Person:
        return actions.confirm_registration(
            session,
            token=token,
            name="陈工",
            password_hash=hash_password(PASSWORD),
            locale="zh_Hans_CN",
            time_zone="Asia/Shanghai",
            signer=SIGNER,
            at=AT + at,
        )

    def test_the_link_confirms_the_address_once(self, session: Session) -> None:
        token = self.begin(session)

        assert actions.read_registration(token, signer=SIGNER, at=AT) == (
            "new@example.org",
            "陈工",
        )
        assert self.confirm(session, token).email == "new@example.org"
        with pytest.raises(RegistrationLinkInvalid):
            self.confirm(session, token)

    def test_the_link_is_good_for_a_day(self, session: Session) -> None:
        token = self.begin(session)

        with pytest.raises(RegistrationLinkInvalid):
            self.confirm(session, token, timedelta(hours=24))
        assert self.confirm(session, token, timedelta(hours=24) - SECOND).name == "陈工"


class TestPasswords:
    def ask(self, session: Session, person: Person) -> str:
        actions.request_password_reset(session, email=person.email, signer=SIGNER, at=AT)
        session.flush()
        return get_link(session, "password_reset")

    def reset(self, session: Session, token: str, at: timedelta = SECOND) -> Person:
        return actions.reset_password(
            session,
            token=token,
            password_hash=hash_password("another long password"),
            signer=SIGNER,
            at=AT + at,
        )

    def test_a_reset_replaces_the_password_and_voids_log_ins_and_link(
        self, session: Session
    ) -> None:
        person = make_person(session)
        token = self.ask(session, person)

        assert self.reset(session, token) is person

        assert person.credential_version == 2
        find = queries.find_person_by_credentials
        assert find(session, email=person.email, password=PASSWORD) is None
        assert find(session, email=person.email, password="another long password") is person
        with pytest.raises(ResetLinkInvalid):
            self.reset(session, token)

    def test_a_reset_link_is_good_for_an_hour(self, session: Session) -> None:
        token = self.ask(session, make_person(session))

        with pytest.raises(ResetLinkInvalid):
            self.reset(session, token, timedelta(hours=1))
        assert self.reset(session, token, timedelta(hours=1) - SECOND).credential_version == 2

    def test_a_changed_password_voids_a_link_that_was_sent_before(self, session: Session) -> None:
        person = make_person(session)
        token = self.ask(session, person)
        actions.change_password(
            session,
            person=person,
            password_hash=hash_password("another long password"),
            actor=act_as(person),
            at=AT,
        )

        with pytest.raises(ResetLinkInvalid):
            self.reset(session, token)

    @pytest.mark.fuzz
    @pytest.mark.parametrize("token", ["", "x", "a.b", "\ud800", "W10.AAAA", "x" * 5000])
    def test_a_forged_link_is_refused(self, session: Session, token: str) -> None:
        with pytest.raises(ResetLinkInvalid):
            self.reset(session, token)

    def test_a_link_of_another_kind_is_refused(self, session: Session) -> None:
        person = make_person(session)
        facts = {"person": person.public_id, "version": 1}
        token = SIGNER.sign("registration", facts, expires_at=AT + timedelta(hours=1))

        with pytest.raises(ResetLinkInvalid):
            self.reset(session, token)

    @pytest.mark.privacy
    def test_no_mail_goes_to_who_is_unknown_or_deactivated(self, session: Session) -> None:
        gone = make_person(session, deactivated_at=AT)

        for email in ("nobody@example.org", gone.email):
            actions.request_password_reset(session, email=email, signer=SIGNER, at=AT)

        session.flush()
        assert list_mails(session) == []

    @pytest.mark.parametrize(
        "values", [{"deactivated_at": AT}, {"password_hash": None}, {"password_hash": "damaged"}]
    )
    def test_the_right_password_is_no_use_without_an_active_account(
        self, session: Session, values: dict[str, object]
    ) -> None:
        person = make_person(session, **values)

        found = queries.find_person_by_credentials(session, email=person.email, password=PASSWORD)

        assert found is None

    def test_a_newer_hash_never_undoes_a_change_of_password(self, session: Session) -> None:
        person = make_person(session)
        before = person.password_hash
        assert before is not None
        changed = person.password_hash = hash_password("another long password")
        session.flush()

        actions.keep_newer_hash(
            session, person=person, replaced=before, password_hash=hash_password(PASSWORD)
        )
        assert person.password_hash == changed

        newer = hash_password("another long password")
        actions.keep_newer_hash(session, person=person, replaced=changed, password_hash=newer)
        assert person.password_hash == newer

    def test_the_owner_is_told_of_a_change(self, session: Session) -> None:
        person = make_person(session)

        actions.change_password(
            session,
            person=person,
            password_hash=hash_password("another long password"),
            actor=act_as(person),
            at=AT,
        )

        assert list_mails(session) == [(person.email, "password_changed")]
        assert session.scalars(select(Notice.kind)).all() == ["password_changed"]


class TestInvitations:
    def invite(
        self, session: Session, email: str = "new@example.org"
    ) -> tuple[Person, actions.SentInvitation]:
        founder = make_person(session, name="First founder")
        startup = make_startup(session, founder=founder, name="Gate driver (example)")
        sent = actions.invite(
            session,
            email=email,
            role=Role.FOUNDER,
            startup_id=startup.id,
            actor=act_as(founder),
            at=AT,
        )
        return founder, sent

    def accept_as_newcomer(self, session: Session, token: str) -> Person:
        return actions.accept_invitation_as_newcomer(
            session,
            token=token,
            name="Second founder",
            password_hash=hash_password(PASSWORD),
            locale="en",
            time_zone="Europe/Berlin",
            at=AT + SECOND,
        )

    @pytest.mark.privacy
    def test_the_mail_holds_the_link_and_the_row_only_its_hash(self, session: Session) -> None:
        _founder, (invitation, token) = self.invite(session)
        session.flush()

        mail = session.scalars(select(OutboxMail)).one()
        assert mail.facts == {
            "inviter": "First founder",
            "organisation": "Gate driver (example)",
            "days": "14",
            "link": f"/invitations/{token}",
        }
        row = session.execute(
            select(Invitation.__table__).where(Invitation.id == invitation.id)
        ).one()
        assert not any(token in str(value) for value in row)

    def test_a_newcomer_joins_and_the_inviter_is_told(self, session: Session) -> None:
        founder, (invitation, token) = self.invite(session)

        person = self.accept_as_newcomer(session, token)

        assert (person.email, person.time_zone) == ("new@example.org", "Europe/Berlin")
        assert [(m.role, m.startup_id) for m in person.memberships] == [
            (Role.FOUNDER, invitation.startup_id)
        ]
        assert (invitation.state, invitation.accepted_at) == ("accepted", AT + SECOND)
        told = session.scalars(select(Notice)).one()
        assert (told.person_id, told.kind, told.facts) == (
            founder.id,
            "invitation_accepted",
            {"person": "Second founder", "organisation": "Gate driver (example)"},
        )

    def test_who_has_an_account_accepts_with_it(self, session: Session) -> None:
        person = make_person(session, email="new@example.org")
        _founder, (_invitation, token) = self.invite(session, "NEW@example.org")

        membership = actions.accept_invitation(session, token=token, person=person, at=AT)

        assert membership.person is person
        with pytest.raises(InvitationInvalid):
            actions.accept_invitation(session, token=token, person=person, at=AT)

    @pytest.mark.permissions
    def test_nobody_else_can_use_the_link(self, session: Session) -> None:
        other = make_person(session)
        _founder, (_invitation, token) = self.invite(session)

        with pytest.raises(InvitationForSomeoneElse):
            actions.accept_invitation(session, token=token, person=other, at=AT)
        assert other.memberships == []

    @pytest.mark.permissions
    def test_the_link_gives_no_way_into_an_account_with_a_password(self, session: Session) -> None:
        owner = make_person(session, email="new@example.org")
        before = owner.password_hash
        _founder, (_invitation, token) = self.invite(session)

        with pytest.raises(InvitationInvalid):
            self.accept_as_newcomer(session, token)
        assert owner.password_hash == before

    @pytest.mark.permissions
    @pytest.mark.parametrize("way", ["passkeys", "provider_links"])
    def test_nor_into_one_with_another_way_in(self, session: Session, way: str) -> None:
        owner = make_person(session, email="new@example.org", password_hash=None)
        row: Passkey | ProviderLink = ProviderLink(issuer="i", subject="s", created_at=AT)
        if way == "passkeys":
            row = Passkey(
                name="Key",
                credential_id="c",
                public_key=b"k",
                sign_count=0,
                last_challenge=0,
                created_at=AT,
            )
        getattr(owner, way).append(row)
        _founder, (_invitation, token) = self.invite(session)

        with pytest.raises(InvitationInvalid):
            self.accept_as_newcomer(session, token)
        assert owner.password_hash is None

    def test_who_was_imported_chooses_a_password_behind_the_link(self, session: Session) -> None:
        imported = make_person(session, email="new@example.org", password_hash=None)
        _founder, (_invitation, token) = self.invite(session)

        assert self.accept_as_newcomer(session, token) is imported
        found = queries.find_person_by_credentials(
            session, email="new@example.org", password=PASSWORD
        )
        assert found is imported

    def test_a_link_expires_and_then_a_new_one_can_be_sent(self, session: Session) -> None:
        person = make_person(session, email="new@example.org")
        founder, (invitation, token) = self.invite(session)
        later = AT + timedelta(days=14)

        def invite_again() -> actions.SentInvitation:
            return actions.invite(
                session,
                email="new@example.org",
                role=Role.FOUNDER,
                startup_id=invitation.startup_id,
                actor=act_as(founder),
                at=later,
            )

        assert queries.list_open_invitations(
            session, startup_id=invitation.startup_id, at=later - SECOND
        ) == [invitation]
        assert queries.list_open_invitations(session, at=later) == []
        with pytest.raises(InvitationInvalid):
            actions.accept_invitation(session, token=token, person=person, at=later)
        second = invite_again()
        assert queries.list_open_invitations(session, at=later) == [second.invitation]
        with pytest.raises(AlreadyInvited):
            invite_again()

    def test_members_are_not_invited_again(self, session: Session) -> None:
        founder, (invitation, _token) = self.invite(session)

        with pytest.raises(AlreadyMember):
            actions.invite(
                session,
                email=founder.email,
                role=Role.FOUNDER,
                startup_id=invitation.startup_id,
                actor=act_as(founder),
                at=AT,
            )

    def test_a_revoked_link_is_dead(self, session: Session) -> None:
        founder, (invitation, token) = self.invite(session)

        actions.revoke_invitation(session, invitation=invitation, actor=act_as(founder), at=AT)

        assert queries.find_usable_invitation(session, token=token, at=AT) is None
        with pytest.raises(ActionNotAllowed):
            actions.revoke_invitation(session, invitation=invitation, actor=act_as(founder), at=AT)

    def test_role_and_organisation_must_go_together(self, session: Session) -> None:
        operator = make_person(session)
        incubator = make_incubator(session, operator=operator)

        for role in (Role.FOUNDER, Role.MENTOR, Role.REGULATOR):
            with pytest.raises(ValueError, match=role.value):
                actions.invite(
                    session,
                    email="new@example.org",
                    role=role,
                    incubator_id=incubator.id,
                    actor=act_as(operator),
                    at=AT,
                )

    def test_a_mentor_is_invited_on_behalf_of_an_incubator(self, session: Session) -> None:
        operator = make_person(session)
        incubator = make_incubator(session, operator=operator)
        mentor = make_mentor(session, state="draft")
        admit(session, incubator, mentor, state="invited")

        sent = actions.invite(
            session,
            email="new@example.org",
            role=Role.MENTOR,
            provider_id=mentor.id,
            sender_incubator_id=incubator.id,
            actor=act_as(operator),
            at=AT,
        )
        person = self.accept_as_newcomer(session, sent.token)

        assert [(m.role, m.provider_id) for m in person.memberships] == [(Role.MENTOR, mentor.id)]
        assert list_record(session) == [
            ("sent_invitation", operator.id, None, incubator.id),
            ("accepted_invitation", person.id, None, incubator.id),
        ]


@pytest.mark.permissions
class TestActingForAnother:
    def test_for_a_founder_of_a_hosted_startup(self, session: Session) -> None:
        operator, founder = make_person(session), make_person(session)
        incubator = make_incubator(session, operator=operator)
        make_startup(session, founder=founder, incubator_id=incubator.id)

        within = actions.begin_acting(session, person=founder, actor=act_as(operator), at=AT)

        assert within == incubator.id
        standing_in = make_actor(operator, on_behalf_of=founder, within_incubator_id=within)
        actions.end_acting(session, person=founder, actor=standing_in, at=AT)
        assert list_record(session) == [
            ("began_acting", operator.id, None, incubator.id),
            ("ended_acting", operator.id, founder.id, incubator.id),
        ]

    @pytest.mark.parametrize("state", ["admitted", "paused"])
    def test_for_a_mentor_whom_the_pool_looks_after(self, session: Session, state: str) -> None:
        operator, mentor = make_person(session), make_person(session)
        incubator = make_incubator(session, operator=operator)
        admit(session, incubator, make_mentor(session, person=mentor), state=state)

        within = actions.begin_acting(session, person=mentor, actor=act_as(operator), at=AT)

        assert within == incubator.id

    @pytest.mark.parametrize("state", ["invited", "applied", "declined", "retired"])
    def test_not_for_a_mentor_beyond_the_pool(self, session: Session, state: str) -> None:
        operator, mentor = make_person(session), make_person(session)
        incubator = make_incubator(session, operator=operator)
        admit(session, incubator, make_mentor(session, person=mentor), state=state)

        with pytest.raises(NotFound):
            actions.begin_acting(session, person=mentor, actor=act_as(operator), at=AT)

    def test_not_for_people_of_another_incubator_or_of_none(self, session: Session) -> None:
        operator, other, founder = (make_person(session) for _number in range(3))
        make_incubator(session, operator=operator)
        make_startup(session, founder=founder, incubator_id=make_incubator(session).id)
        make_startup(session, founder=other)

        for person in (founder, other):
            with pytest.raises(NotFound):
                actions.begin_acting(session, person=person, actor=act_as(operator), at=AT)
        assert list_record(session) == []

    def test_not_for_an_operator_a_regulator_or_oneself(self, session: Session) -> None:
        operator, colleague, regulator = (make_person(session) for _number in range(3))
        incubator = make_incubator(session, operator=operator)
        make_incubator(session, operator=colleague)
        join(session, regulator, Role.REGULATOR, place_code="310000")
        for person in (operator, colleague, regulator):
            make_startup(session, founder=person, incubator_id=incubator.id)

            with pytest.raises(NotPermitted):
                actions.begin_acting(session, person=person, actor=act_as(operator), at=AT)

    def test_within_the_incubator_that_was_chosen(self, session: Session) -> None:
        operator, founder = make_person(session), make_person(session)
        incubators = [make_incubator(session, operator=operator) for _number in range(2)]
        for incubator in incubators:
            make_startup(session, founder=founder, incubator_id=incubator.id)
        beyond = make_incubator(session, operator=operator)

        def begin(public_id: str) -> int:
            return actions.begin_acting(
                session,
                person=founder,
                actor=act_as(operator),
                at=AT,
                incubator_public_id=public_id,
            )

        assert [begin(each.public_id) for each in incubators] == [each.id for each in incubators]
        for public_id in (beyond.public_id, "0123456789abcdef"):
            with pytest.raises(NotFound):
                begin(public_id)

    def test_not_for_somebody_who_left(self, session: Session) -> None:
        operator, founder = make_person(session), make_person(session, deactivated_at=AT)
        incubator = make_incubator(session, operator=operator)
        make_startup(session, founder=founder, incubator_id=incubator.id)

        with pytest.raises(NotFound):
            actions.begin_acting(session, person=founder, actor=act_as(operator), at=AT)

    def test_only_what_the_incubator_looks_after_is_lent(self, session: Session) -> None:
        operator, person = make_person(session), make_person(session)
        incubator = make_incubator(session, operator=operator)
        hosted = make_startup(session, founder=person, incubator_id=incubator.id)
        make_startup(session, founder=person, incubator_id=make_incubator(session).id)
        make_startup(session, founder=person)
        in_pool = make_mentor(session, person=person)
        admit(session, incubator, in_pool)
        make_investor(session, person=person)
        admit(session, make_incubator(session), make_mentor(session, person=person))
        make_incubator(session, operator=person)

        actor = make_actor(operator, on_behalf_of=person, within_incubator_id=incubator.id)

        assert actor.founds == {hosted.id}
        assert actor.hosted_by == {incubator.id}
        assert actor.provides == {in_pool.id}
        assert (actor.operates, actor.regulates) == (frozenset(), frozenset())


def test_memberships_are_listed_in_the_order_of_joining(session: Session) -> None:
    person = make_person(session)
    make_startup(session, founder=person)
    make_mentor(session, person=person)
    make_startup(session, founder=make_person(session))

    found = queries.list_memberships(session, person)

    assert [m.role for m in found] == [Role.FOUNDER, Role.MENTOR]
    assert session.scalars(select(Membership)).all()[:2] == found
