"""The shape of what people type about their accounts, and what is said when it does not fit."""

from typing import Any
from zoneinfo import ZoneInfo

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import (
    BooleanField,
    HiddenField,
    PasswordField,
    RadioField,
    SelectField,
    SelectMultipleField,
    ValidationError,
)
from wtforms.fields import SelectChoice
from wtforms.validators import InputRequired
from wtforms.widgets import CheckboxInput, ListWidget

from app.accounts.actions.tokens import LONGEST_DAYS, TOKEN_NAME_LIMIT, USUAL_DAYS
from app.accounts.passwords import MAX_PASSWORD_LENGTH, MIN_PASSWORD_LENGTH, is_too_common
from app.accounts.words import SCOPE_WORDS
from app.clock import now
from app.web.form_fields import CanonicalTextField, Required
from app.web.number_fields import WholeNumberField
from app.words.email_addresses import EMAIL_LIMIT, EmailUnusable, read_email
from app.words.localisation import (
    DEFAULT_TIME_ZONE,
    LOCALE_NAMES,
    is_time_zone,
    name_place_of_zone,
)
from models.email_addresses import canonical_email

PERSON_NAME_LIMIT = 80
CODE_LIMIT = 40

# One city for each offset that people here work with; a zone beyond these is kept once chosen.
_OFFERED_ZONES = (
    "Asia/Shanghai",
    "Asia/Hong_Kong",
    "Asia/Taipei",
    "Asia/Singapore",
    "Asia/Urumqi",
    "Asia/Tokyo",
    "Asia/Seoul",
    "Asia/Bangkok",
    "Asia/Kolkata",
    "Asia/Dubai",
    "Asia/Jerusalem",
    "Europe/Moscow",
    "Europe/Helsinki",
    "Europe/Berlin",
    "Europe/Zurich",
    "Europe/Paris",
    "Europe/London",
    "Africa/Johannesburg",
    "America/Sao_Paulo",
    "America/New_York",
    "America/Toronto",
    "America/Chicago",
    "America/Denver",
    "America/Los_Angeles",
    "Pacific/Honolulu",
    "Australia/Perth",
    "Australia/Sydney",
    "Pacific/Auckland",
    "UTC",
)


class EmailField(CanonicalTextField):
    """An address in the form in which it is stored. With `is_new`, one that mail can be sent to."""

    def __init__(
        self,
        label: object,
        *,
        is_new: bool = False,
        autocomplete: str = "username",
        **options: Any,
    ) -> None:
        message = (
            _l("Give your e-mail address.")
            if autocomplete == "username"
            else _l("Please fill this in.")
        )
        required = Required(message)
        super().__init__(
            label,
            [required, _check_email] if is_new else [required],
            limit=EMAIL_LIMIT,
            render_kw={"autocomplete": autocomplete, "inputmode": "email", "type": "email"},
            **options,
        )

    def process_formdata(self, valuelist: list[str]) -> None:
        """Store and compare addresses in one form."""
        super().process_formdata([canonical_email(value) for value in valuelist])


def _check_email(form: object, field: Any) -> None:
    try:
        read_email(field.data or "")
    except EmailUnusable:
        message = _("This is not an e-mail address. It looks like name@example.org.")
        raise ValidationError(message) from None


class PersonNameField(CanonicalTextField):
    """What a person is called."""

    def __init__(self, **options: Any) -> None:
        super().__init__(
            _l("Your name"),
            [Required(_l("Say what to call you."))],
            limit=PERSON_NAME_LIMIT,
            description=_l("As others should see it."),
            render_kw={"autocomplete": "name"},
            **options,
        )


class NewPasswordField(PasswordField):  # type: ignore[misc]
    """A password that is long enough and not among the first to be tried."""

    def __init__(self, label: object, **options: Any) -> None:
        super().__init__(
            label,
            [Required(_l("Choose a password.")), _check_new_password],
            description=_l("At least 12 characters. A few words in a row are good."),
            render_kw={"autocomplete": "new-password"},
            **options,
        )


def _check_new_password(form: object, field: Any) -> None:
    if not field.data:
        # That none was given is said already; a forged form may lack the field altogether.
        return
    if len(field.data) < MIN_PASSWORD_LENGTH:
        message = _("Too short: use at least %(least)s characters.", least=MIN_PASSWORD_LENGTH)
        raise ValidationError(message)
    if len(field.data) > MAX_PASSWORD_LENGTH:
        message = _("Too long: use at most %(most)s characters.", most=MAX_PASSWORD_LENGTH)
        raise ValidationError(message)
    if is_too_common(field.data, about=_list_about(form)):
        raise ValidationError(_("Too easy to guess. Choose another one."))


def _list_about(form: Any) -> list[str]:
    """The names and addresses by which others could guess the owner's password."""
    typed = (form[name].data or "" for name in ("name", "email") if name in form)
    return [*typed, *getattr(form, "about", ())]


class KnownPasswordField(PasswordField):  # type: ignore[misc]
    """A password that the person has: nothing is said about what it looks like."""

    def __init__(self, label: object, **options: Any) -> None:
        super().__init__(
            label,
            [Required(_l("Type your password."))],
            render_kw={"autocomplete": "current-password"},
            **options,
        )


class TimeZoneField(SelectField):  # type: ignore[misc]
    """A time zone, named by its city. One that is not offered stays when it was chosen before."""

    def __init__(self, **options: Any) -> None:
        super().__init__(
            _l("Time zone"),
            [Required(_l("Choose a time zone.")), _check_time_zone],
            choices=self._list_choices,
            default=DEFAULT_TIME_ZONE,
            validate_choice=False,
            description=_l("Times on pages and in mails are shown in it."),
            # Whoever cannot type a Chinese name while choosing types the Latin one of the city.
            render_kw={"data-typed": "city"},
            **options,
        )

    def _list_choices(self) -> list[SelectChoice]:
        kept = (self.data,) if is_time_zone(self.data or "") else ()
        zones = dict.fromkeys((*_OFFERED_ZONES, *kept))
        return [SelectChoice(value=zone, label=_name_zone(zone)) for zone in zones]


def _name_zone(name: str) -> str:
    """The city and its present distance from UTC: "Shanghai (UTC+08:00)"."""
    offset = now().astimezone(ZoneInfo(name)).isoformat()[-6:]
    return f"{name_place_of_zone(name)} (UTC{offset})"


def _check_time_zone(form: object, field: Any) -> None:
    if not is_time_zone(field.data):
        raise ValidationError(_("Choose from the list."))


class LocaleField(SelectField):  # type: ignore[misc]
    """The language of pages and mails."""

    def __init__(self, **options: Any) -> None:
        super().__init__(
            _l("Language"),
            [Required(_l("Choose a language."))],
            choices=[SelectChoice(value=code, label=name) for code, name in LOCALE_NAMES.items()],
            invalid_choice_message=_l("Choose from the list."),
            **options,
        )


class LogInForm(FlaskForm):  # type: ignore[misc]
    """Address and password; where to go then, and what was typed before, ride along."""

    email = EmailField(_l("E-mail"))
    password = KnownPasswordField(_l("Password"))
    remember = BooleanField(_l("Stay logged in on this device for 30 days"))
    next = HiddenField()
    typed = HiddenField()


class CodeField(CanonicalTextField):
    """A code of a device, or one on paper."""

    def __init__(self, **options: Any) -> None:
        super().__init__(
            _l("Code"),
            [Required(_l("Type the code that your device shows."))],
            limit=CODE_LIMIT,
            render_kw={"autocomplete": "one-time-code", "spellcheck": "false"},
            **options,
        )


class CodeForm(FlaskForm):  # type: ignore[misc]
    """The second step of a log-in: `first` says, signed, who took the first one."""

    code = CodeField(
        description=_l("Six digits from your device, or one of the recovery codes on paper.")
    )
    first = HiddenField()
    next = HiddenField()
    typed = HiddenField()


class AddSecondFactorForm(FlaskForm):  # type: ignore[misc]
    """The first code of a new device, and the signed secret that it was given."""

    code = CodeField(description=_l("The six digits that the device shows now."))
    offer = HiddenField()


class ConfirmPasswordForm(FlaskForm):  # type: ignore[misc]
    """The password once more; where to go then, and what was sent, ride along."""

    password = KnownPasswordField(_l("Password"))
    next = HiddenField()
    typed = HiddenField()


class AnnounceForm(FlaskForm):  # type: ignore[misc]
    """The first step of registering where the address is confirmed by mail."""

    name = PersonNameField()
    email = EmailField(_l("E-mail"), is_new=True)


class ConfirmForm(FlaskForm):  # type: ignore[misc]
    """What is asked of somebody whose address is known to be theirs: `about` holds it."""

    about: tuple[str, ...] = ()

    name = PersonNameField()
    password = NewPasswordField(_l("Password"))
    locale = LocaleField()
    time_zone = TimeZoneField()


class RegisterForm(FlaskForm):  # type: ignore[misc]
    """Everything at once, where no mail can be sent."""

    name = PersonNameField()
    email = EmailField(_l("E-mail"), is_new=True)
    password = NewPasswordField(_l("Password"))
    locale = LocaleField()
    time_zone = TimeZoneField()


class AddressForm(FlaskForm):  # type: ignore[misc]
    """The address to move to."""

    email = EmailField(_l("New e-mail"), is_new=True, autocomplete="email")


class ForgottenPasswordForm(FlaskForm):  # type: ignore[misc]
    """The address to which the link goes."""

    email = EmailField(_l("E-mail"))


class NewPasswordForm(FlaskForm):  # type: ignore[misc]
    """A password for somebody whom the link has told apart: `about` says how they are called."""

    about: tuple[str, ...] = ()

    password = NewPasswordField(_l("New password"))
    # Only where something was set up lately: nothing is chosen beforehand.
    devices = RadioField(
        _l("Did you set up what lets in besides the password?"),
        [InputRequired(_l("Say whether it was you."))],
        choices=lambda: [
            SelectChoice(value="mine", label=_("Yes, all of it was me")),
            SelectChoice(value="foreign", label=_("No: take it away, recovery codes too")),
        ],
        invalid_value_message=_l("Choose from the list."),
        invalid_choice_message=_l("Choose from the list."),
    )


class ChangePasswordForm(FlaskForm):  # type: ignore[misc]
    """A new password, asked for with the present one, of whoever is called as `about` says."""

    about: tuple[str, ...] = ()

    current_password = KnownPasswordField(_l("Present password"))
    password = NewPasswordField(_l("New password"))


class AccountForm(FlaskForm):  # type: ignore[misc]
    """What a person may change about themselves."""

    name = PersonNameField()
    locale = LocaleField()
    time_zone = TimeZoneField()


class ScopesField(SelectMultipleField):  # type: ignore[misc]
    """What a token is to be good for, as checkboxes."""

    widget = ListWidget(prefix_label=False)
    option_widget = CheckboxInput()

    def __init__(self, label: object, **options: Any) -> None:
        super().__init__(
            label,
            choices=lambda: [
                SelectChoice(value=scope, label=str(words)) for scope, words in SCOPE_WORDS.items()
            ],
            default=(),
            invalid_value_message=_l("Choose from the list."),
            invalid_choice_message=_l("Choose from the list."),
            **options,
        )
        self.flags.required = True

    def process_formdata(self, valuelist: list[str]) -> None:
        """Each scope once."""
        super().process_formdata(list(dict.fromkeys(valuelist)))

    def pre_validate(self, form: object) -> None:
        """Raise ValidationError for what is no scope, and for none."""
        super().pre_validate(form)
        if not self.data and not self.errors:
            raise ValidationError(_("Choose at least one thing that the token is good for."))


class TokenForm(FlaskForm):  # type: ignore[misc]
    """A new token for a program."""

    name = CanonicalTextField(
        _l("What it is for"),
        [Required(_l("Say what it is for, so that you know it again."))],
        limit=TOKEN_NAME_LIMIT,
    )
    scopes = ScopesField(_l("What it is good for"))
    days = WholeNumberField(
        _l("Good for so many days"),
        [InputRequired(_l("Say for how many days."))],
        low=1,
        high=LONGEST_DAYS,
        default=USUAL_DAYS,
    )
