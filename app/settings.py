"""Settings: environment variables called YINQIAO_*, read once and typed."""

import os
import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from ipaddress import IPv4Network, IPv6Network, ip_address, ip_network
from pathlib import Path
from urllib.parse import parse_qsl, unquote, urlsplit

from models.email_addresses import canonical_email

MEGABYTE = 1_000_000

Network = IPv4Network | IPv6Network

# Stores whose buckets are named in the host rather than in the path.
_BUCKET_IN_HOST = (".amazonaws.com", ".aliyuncs.com", ".myqcloud.com")

# Of the key, in characters: what is shorter can be guessed, from any cookie that we gave out.
_LEAST_KEY_LENGTH = 32
_LEAST_KEY_CHARACTERS = 10
_KEYS_OF_EXAMPLES = re.compile(r"change.?me|secret|password|example|default|yinqiao", re.I)


_PROVIDER_NAME_LIMIT = 40

# As a browser writes it (RFC 6454); a star would let in every site there is.
_ORIGIN = re.compile(r"https?://(?:[a-z0-9.-]+|\[[0-9a-f:.]+\])(?::(?!443$|80$)[0-9]{1,5})?")


# Whether mail gets there is found out by sending one.
_ADDRESS = re.compile(r"[^@\s,;]+@[^@\s,;]+")

_IMAPS_PORT = 993
# Of a mailbox: what can stand between quotes as it is.
_FOLDER = re.compile(r"[ !#-[\]-~]{1,100}")


class SettingInvalid(Exception):
    """An environment variable holds something that cannot be used; the message says what to do."""


@dataclass(frozen=True, slots=True, kw_only=True)
class BucketSettings:
    """A bucket that speaks the S3 protocol: where it is, and who we are there."""

    endpoint: str
    bucket: str
    prefix: str
    access_key: str = field(repr=False)
    secret_key: str = field(repr=False)
    region: str
    is_encrypted: bool
    is_bucket_in_host: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Mailbox:
    """A folder of mails that is read over IMAP and TLS; those handled go to `moves_to`, or stay."""

    host: str
    port: int
    user: str
    password: str = field(repr=False)
    folder: str
    moves_to: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LoginProvider:
    """Somebody else who says who a person is (OpenID Connect), and who we are there."""

    # In addresses, and what people read on the button.
    key: str
    name: str
    issuer: str
    client_id: str
    client_secret: str = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """Everything that an installation can decide. docs/settings.md explains each one."""

    instance_path: Path
    database_url: str
    secret_key: str = field(repr=False)
    encoder: str = "bundled"
    public_url: str = "http://127.0.0.1:8000"
    demonstration: bool = False
    secure_cookies: bool = False
    trusted_proxies: int = 0
    smtp_url: str | None = field(default=None, repr=False)
    mail_from: str = "yinqiao@localhost"
    # How long mails lie in `mail_path`.
    mail_files_days: int = 30
    # Where calendar programs reply to; None: what they answer is not read.
    calendar_replies: Mailbox | None = None
    # Who is asked about personal data where no incubator answers; "": nobody is named.
    privacy_contact: str = ""
    previews_per_minute: int = 60
    requests_per_minute: int = 6000
    # Where processes count together; None: in the database.
    redis_url: str | None = field(default=None, repr=False)
    # Sites whose pages may call the API from a browser.
    api_origins: tuple[str, ...] = ()
    # Where the files of documents are; None: in the instance folder.
    documents_bucket: BucketSettings | None = None
    # Private networks in which webhooks may nevertheless be.
    webhook_networks: tuple[Network, ...] = ()
    # What seals backups; None: none can be made.
    backup_key: str | None = field(default=None, repr=False)
    # By whom people may log in, beside their password.
    login_providers: tuple[LoginProvider, ...] = ()
    # A cross-encoder that reads the first of each list again; "": none does.
    reranker: str = ""
    file_megabytes: int = 25
    quota_megabytes: int = 500
    testing: bool = False

    @property
    def encoder_root(self) -> Path:
        """Where the bundled encoder is unpacked."""
        return self.instance_path / "encoder"

    @property
    def documents_path(self) -> Path:
        """Where the files of documents are, unless they are in a bucket."""
        return self.instance_path / "documents"

    @property
    def mail_path(self) -> Path:
        """Where mails are laid as files while no mail server is set."""
        return self.instance_path / "mail"

    @property
    def cache_path(self) -> Path:
        """What can be computed again: means of the background, snapshots of the index."""
        return self.instance_path / "cache"


def read_settings(environ: Mapping[str, str] | None = None) -> Settings:
    """The settings of this process. Makes the instance folder and, once, a secret key in it.

    Raises SettingInvalid.
    """
    env = os.environ if environ is None else environ
    instance = Path(env.get("YINQIAO_INSTANCE_PATH") or "instance").resolve()
    instance.mkdir(parents=True, exist_ok=True)
    settings = Settings(
        instance_path=instance,
        database_url=env.get("YINQIAO_DATABASE_URL") or f"sqlite:///{instance / 'yinqiao.db'}",
        secret_key=env.get("YINQIAO_SECRET_KEY") or _keep_secret_key(instance / "secret_key"),
        encoder=env.get("YINQIAO_ENCODER") or "bundled",
        reranker=env.get("YINQIAO_RERANKER") or "",
        public_url=(env.get("YINQIAO_PUBLIC_URL") or "http://127.0.0.1:8000").rstrip("/"),
        demonstration=_read_flag(env, "YINQIAO_DEMONSTRATION"),
        secure_cookies=_read_flag(env, "YINQIAO_SECURE_COOKIES"),
        trusted_proxies=_read_number(env, "YINQIAO_TRUSTED_PROXIES", 0, low=0, high=9),
        smtp_url=env.get("YINQIAO_SMTP_URL") or None,
        mail_from=env.get("YINQIAO_MAIL_FROM") or "yinqiao@localhost",
        mail_files_days=_read_number(env, "YINQIAO_MAIL_FILES_DAYS", 30, low=1, high=3650),
        calendar_replies=read_mailbox(env.get("YINQIAO_CALENDAR_REPLIES") or ""),
        privacy_contact=_read_address(env, "YINQIAO_PRIVACY_CONTACT"),
        previews_per_minute=_read_number(
            env, "YINQIAO_PREVIEWS_PER_MINUTE", 60, low=1, high=100_000
        ),
        requests_per_minute=_read_number(
            env, "YINQIAO_REQUESTS_PER_MINUTE", 6000, low=1, high=1_000_000
        ),
        redis_url=_read_redis(env, "YINQIAO_REDIS_URL"),
        api_origins=_read_origins(env, "YINQIAO_API_ORIGINS"),
        documents_bucket=read_bucket(env.get("YINQIAO_DOCUMENTS_URL") or ""),
        webhook_networks=_read_networks(env, "YINQIAO_WEBHOOK_NETWORKS"),
        backup_key=_read_backup_key(env),
        login_providers=read_login_providers(env.get("YINQIAO_LOGIN_PROVIDERS") or ""),
        file_megabytes=_read_number(env, "YINQIAO_FILE_MEGABYTES", 25, low=1, high=100),
        quota_megabytes=_read_number(env, "YINQIAO_QUOTA_MEGABYTES", 500, low=1, high=1_000_000),
    )
    is_log_json(env)
    check_production(settings)
    return settings


def read_bucket(url: str) -> BucketSettings | None:
    """The bucket that `url` names; None for "", which means the instance folder.

    `s3://KEY:SECRET@HOST/BUCKET/PREFIX?region=…&bucket=host`; `s3+http://` is not encrypted.
    Raises SettingInvalid, without repeating what may be a secret.
    """
    if not url:
        return None
    try:
        parts = urlsplit(url)
        host, port = parts.hostname or "", parts.port
    except ValueError as error:
        raise _make_bucket_invalid() from error
    bucket, _, prefix = parts.path.strip("/").partition("/")
    options = dict(parse_qsl(parts.query, keep_blank_values=True))
    region = options.pop("region", "us-east-1")
    where = options.pop("bucket", "host" if host.endswith(_BUCKET_IN_HOST) else "path")
    if (
        parts.scheme not in ("s3", "s3+http")
        or not (host and bucket and parts.username and parts.password and region)
        or where not in ("host", "path")
        or options
        or parts.fragment
    ):
        raise _make_bucket_invalid()
    return BucketSettings(
        endpoint=f"{host}:{port}" if port else host,
        bucket=bucket,
        prefix=prefix,
        access_key=unquote(parts.username),
        secret_key=unquote(parts.password),
        region=region,
        is_encrypted=parts.scheme == "s3",
        is_bucket_in_host=where == "host",
    )


def read_mailbox(url: str) -> Mailbox | None:
    """The mailbox that `url` names; None for "".

    `imaps://USER:PASSWORD@HOST/FOLDER?move=FOLDER`. Raises SettingInvalid, without repeating what
    may be a secret.
    """
    if not url:
        return None
    wrong = SettingInvalid(
        "YINQIAO_CALENDAR_REPLIES must be like imaps://USER:PASSWORD@HOST/FOLDER, with / and @ in"
        " USER and PASSWORD written as %2F and %40: see docs/settings.md"
    )
    try:
        parts = urlsplit(url)
        host, port = parts.hostname or "", parts.port or _IMAPS_PORT
        options = dict(parse_qsl(parts.query, keep_blank_values=True))
    except ValueError as error:
        raise wrong from error
    folder, moves_to = unquote(parts.path.strip("/")) or "INBOX", options.pop("move", "")
    if (
        parts.scheme != "imaps"
        or not (host and parts.username and parts.password)
        or not _FOLDER.fullmatch(folder)
        or not (moves_to == "" or _FOLDER.fullmatch(moves_to))
        or options
        or parts.fragment
    ):
        raise wrong
    return Mailbox(
        host=host,
        port=port,
        user=unquote(parts.username),
        password=unquote(parts.password),
        folder=folder,
        moves_to=moves_to,
    )


def read_login_providers(text: str) -> tuple[LoginProvider, ...]:
    """The providers that `text` names, with spaces between them.

    Each is `KEY=https://CLIENT:SECRET@HOST/PATH?name=NAME`, where the address without client,
    secret and name is the issuer. Raises SettingInvalid, without repeating what may be a secret.
    """
    providers = tuple(_read_login_provider(part) for part in text.split())
    if len({each.key for each in providers}) < len(providers):
        raise _make_provider_invalid()
    return providers


def _read_login_provider(text: str) -> LoginProvider:
    key, _, url = text.partition("=")
    try:
        parts = urlsplit(url)
        host, port = parts.hostname or "", parts.port
    except ValueError as error:
        raise _make_provider_invalid() from error
    options = dict(parse_qsl(parts.query, keep_blank_values=True))
    name = options.pop("name", key)
    if (
        not re.fullmatch(r"[a-z][a-z0-9-]{0,19}", key)
        or not 0 < len(name) <= _PROVIDER_NAME_LIMIT
        or not (host and parts.username and parts.password)
        or (parts.scheme != "https" and not (parts.scheme == "http" and _is_loopback(host)))
        or options
        or parts.fragment
    ):
        raise _make_provider_invalid()
    shown = f"[{host}]" if ":" in host else host
    return LoginProvider(
        key=key,
        name=name,
        issuer=f"{parts.scheme}://{shown}{f':{port}' if port else ''}{parts.path}",
        client_id=unquote(parts.username),
        client_secret=unquote(parts.password),
    )


def _make_provider_invalid() -> SettingInvalid:
    return SettingInvalid(
        "YINQIAO_LOGIN_PROVIDERS must be like city=https://CLIENT:SECRET@HOST/PATH?name=NAME, with"
        " spaces between several: see docs/settings.md"
    )


def _make_bucket_invalid() -> SettingInvalid:
    return SettingInvalid(
        "YINQIAO_DOCUMENTS_URL must be like s3://KEY:SECRET@HOST/BUCKET, with / in KEY and SECRET"
        " written as %2F: see docs/settings.md"
    )


def check_production(settings: Settings) -> None:
    """Raise SettingInvalid for what must not face the world.

    It does when it is no demonstration and is reached under an address that is not this machine's
    own.
    """
    if settings.demonstration:
        return
    try:
        address = urlsplit(settings.public_url)
        host = address.hostname
    except ValueError:
        host = None
    if host is None:
        raise SettingInvalid("YINQIAO_PUBLIC_URL must be an address like https://example.org")
    if _is_loopback(host):
        return
    key = settings.secret_key
    if len(key) < _LEAST_KEY_LENGTH or len(set(key)) < _LEAST_KEY_CHARACTERS:
        raise SettingInvalid(
            "YINQIAO_SECRET_KEY is too easy to guess. Leave it unset, and a good one is made and"
            " kept; or take what `openssl rand -hex 32` prints"
        )
    if _KEYS_OF_EXAMPLES.search(key):
        raise SettingInvalid("YINQIAO_SECRET_KEY is that of an example: take one of your own")
    if address.scheme != "https":
        raise SettingInvalid(
            "YINQIAO_PUBLIC_URL must begin with https:// where others than this machine come in"
        )
    if not settings.secure_cookies:
        raise SettingInvalid(
            "YINQIAO_SECURE_COOKIES must be yes where others than this machine come in"
        )


def _read_backup_key(env: Mapping[str, str]) -> str | None:
    key = env.get("YINQIAO_BACKUP_KEY") or None
    if key and (len(key) < _LEAST_KEY_LENGTH or len(set(key)) < _LEAST_KEY_CHARACTERS):
        raise SettingInvalid(
            "YINQIAO_BACKUP_KEY is too easy to guess: take what `openssl rand -hex 32` prints"
        )
    return key


def _is_loopback(host: str) -> bool:
    try:
        return host == "localhost" or ip_address(host).is_loopback
    except ValueError:
        return False


def _read_address(env: Mapping[str, str], name: str) -> str:
    address = canonical_email(env.get(name) or "")
    if address and not _ADDRESS.fullmatch(address):
        raise SettingInvalid(f"{name} must be one address, like privacy@example.org")
    return address


def _read_networks(env: Mapping[str, str], name: str) -> tuple[Network, ...]:
    try:
        return tuple(ip_network(part) for part in re.split(r"[\s,]+", env.get(name) or "") if part)
    except ValueError:
        raise SettingInvalid(f"{name} must be networks like 10.2.0.0/16, with commas") from None


def _read_origins(env: Mapping[str, str], name: str) -> tuple[str, ...]:
    origins = tuple(part for part in re.split(r"[\s,]+", env.get(name) or "") if part)
    for origin in origins:
        if not _ORIGIN.fullmatch(origin):
            raise SettingInvalid(
                f"{name} must be origins like https://city.example, with commas, as a browser"
                " writes them: in small letters, without a path, and without the usual port"
            )
    return origins


def is_log_json(environ: Mapping[str, str]) -> bool:
    """Whether each line of the log is an object in JSON. Raises SettingInvalid."""
    value = environ.get("YINQIAO_LOGS", "").strip().lower()
    if value not in ("", "text", "json"):
        raise SettingInvalid(f"YINQIAO_LOGS must be text or json, not {value!r}")
    return value == "json"


def _read_redis(env: Mapping[str, str], name: str) -> str | None:
    url = env.get(name) or None
    if url and not re.match(r"(?:rediss?|unix)://.", url):
        raise SettingInvalid(f"{name} must be like redis://:PASSWORD@HOST:6379/0")
    return url


def _read_flag(env: Mapping[str, str], name: str) -> bool:
    value = env.get(name, "").strip().lower()
    if value in ("", "0", "no", "false", "off"):
        return False
    if value in ("1", "yes", "true", "on"):
        return True
    raise SettingInvalid(f"{name} must be yes or no, not {value!r}")


def _read_number(env: Mapping[str, str], name: str, default: int, *, low: int, high: int) -> int:
    value = env.get(name, "").strip()
    if not value:
        return default
    if not value.isascii() or not value.isdecimal() or not low <= int(value) <= high:
        raise SettingInvalid(f"{name} must be a whole number from {low} to {high}, not {value!r}")
    return int(value)


def _keep_secret_key(path: Path) -> str:
    """The key in `path`; when there is none, a new one that several processes agree on."""
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        key = path.read_text().strip()
        if not key:
            raise SettingInvalid(f"{path} is empty: delete it and start again") from None
        return key
    with os.fdopen(descriptor, "w") as file:
        key = secrets.token_urlsafe(48)
        file.write(key)
    return key
