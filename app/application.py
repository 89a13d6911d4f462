"""Puts the application together: extensions, rooms, limits and headers."""

from collections.abc import Callable
from functools import partial
from inspect import iscoroutinefunction
from typing import Any

from flask import Flask, Response, request
from jinja2 import StrictUndefined
from sqlalchemy.exc import DBAPIError
from werkzeug.middleware.proxy_fix import ProxyFix

from app.declaration import gather_words
from app.demo.accounts import DEMO_ACCOUNTS, DEMO_PASSWORD
from app.extensions import babel, bootstrap, csrf, db, login_manager
from app.rooms import ROOMS
from app.settings import Settings, read_settings
from app.web import presentation, reader
from app.web.api import make_api
from app.web.engine import register_matching
from app.web.guard import check_declarations, refuse_unstorable_address
from app.web.handlers import register_handlers
from app.web.limits import FORM_BYTES, REQUEST_BYTES, BodyLimits, limit_body
from app.web.policy import POLICY, REPORTING_ENDPOINTS
from app.web.refusals import start_noting
from app.web.request_ids import name_requests
from app.web.throttles import start_throttling
from app.web.uploads import RequestInMemory
from models.orm import choose_connecting, configure_engine

Teardown = Callable[[BaseException | None], Any]

# For how long a browser may keep style sheets and scripts without asking again, in seconds.
STATIC_SECONDS = 3600

# How long the database may take over one statement. A page that waits for more has lost its reader,
# and its thread is somebody else's.
STATEMENT_SECONDS = 60

# For how long a browser that came by https comes by nothing else: two years, in seconds.
_HTTPS_SECONDS = 63_072_000

# Nothing here asks a browser for any of these.
_PERMISSIONS_POLICY = "camera=(), geolocation=(), microphone=(), payment=(), usb=()"


def make_application(settings: Settings | None = None) -> Flask:
    """The application for `settings`, or for the environment when there are none.

    Raises SettingInvalid for settings that cannot be used, RouteUndeclared when a route does
    not say who may come in.
    """
    settings = settings or read_settings()
    app = Flask(__package__, instance_path=str(settings.instance_path))
    app.request_class = RequestInMemory
    app.config.update(
        SECRET_KEY=settings.secret_key,
        TESTING=settings.testing,
        # A thread that looks for matches needs two connections, and waiting for the second while
        # holding the first would stop all of them: there are as many as the threads need.
        # Errors go into logs, which must not say what people wrote.
        SQLALCHEMY_ENGINES={
            "default": {
                "url": settings.database_url,
                "max_overflow": -1,
                "hide_parameters": True,
                **choose_connecting(settings.database_url, statement_seconds=STATEMENT_SECONDS),
            }
        },
        BOOTSTRAP_SERVE_LOCAL=True,
        MAX_CONTENT_LENGTH=REQUEST_BYTES,
        MAX_FORM_MEMORY_SIZE=FORM_BYTES,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SECURE=settings.secure_cookies,
        REMEMBER_COOKIE_SECURE=settings.secure_cookies,
        REMEMBER_COOKIE_HTTPONLY=True,
        REMEMBER_COOKIE_SAMESITE="Lax",
        SEND_FILE_MAX_AGE_DEFAULT=STATIC_SECONDS,
        WTF_CSRF_TIME_LIMIT=None,
        COUNTS_REQUESTS=not settings.testing,
        COUNTS_TRIES=not settings.testing,
        NOTES_REFUSALS=not settings.testing,
        BABEL_DEFAULT_LOCALE="zh_Hans_CN",
        BABEL_DEFAULT_TIMEZONE="Asia/Shanghai",
    )
    app.jinja_env.undefined = StrictUndefined
    app.jinja_env.trim_blocks = True
    app.jinja_env.lstrip_blocks = True
    app.extensions["yinqiao_settings"] = settings
    app.extensions["yinqiao_rooms"] = ROOMS
    app.extensions["yinqiao_words"] = gather_words(ROOMS)
    app.extensions["yinqiao_menu"] = sorted(
        (entry for room in ROOMS for entry in room.menu), key=lambda entry: entry.place
    )
    app.extensions["yinqiao_open_accounts"] = {
        "demo_accounts": DEMO_ACCOUNTS if settings.demonstration else (),
        "demo_password": DEMO_PASSWORD,
    }

    db.init_app(app)
    _close_sessions_quietly(app)
    with app.app_context():
        configure_engine(db.engine, statement_seconds=STATEMENT_SECONDS)
        register_matching(app, settings, db.engine)
    # Before anything reads the form, as the check against forgery does.
    app.before_request(limit_body)
    csrf.init_app(app)
    bootstrap.init_app(app)
    babel.init_app(
        app,
        locale_selector=reader.select_locale,
        timezone_selector=reader.select_time_zone,
    )
    login_manager.init_app(app)
    login_manager.login_view = "accounts.log_in"
    login_manager.session_protection = "basic"
    presentation.register(app)
    register_handlers(app)
    for room in ROOMS:
        for blueprint in room.blueprints:
            app.register_blueprint(blueprint)
    api = make_api(app)
    for room in ROOMS:
        for blueprint in room.api:
            api.register_blueprint(blueprint)
    app.before_request(refuse_unstorable_address)
    app.after_request(_harden)
    name_requests(app)
    start_noting(app)
    start_throttling(app)
    app.extensions["yinqiao_body_limits"] = BodyLimits(app)
    if proxies := settings.trusted_proxies:
        # Without it, limits on guessing would count everybody as the proxy.
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=proxies, x_proto=proxies)  # type: ignore[method-assign]
    check_declarations(app)
    return app


def _close_sessions_quietly(app: Flask) -> None:
    """What Flask-SQLAlchemy-Lite does when a request is over, and no more than that.

    It closes asynchronous sessions too, of which there are none here, and each request would start
    a thread and an event loop for it. And a connection that is lost between the answer and its end
    must not take the answer with it: what it says is committed, or was never to be.
    """

    def close_all(error: BaseException | None, closing: Teardown) -> None:
        try:
            closing(error)
        except DBAPIError:
            app.logger.warning("a connection was lost after its request", exc_info=True)

    app.teardown_appcontext_funcs = [
        partial(close_all, closing=closing)
        for closing in app.teardown_appcontext_funcs
        if not iscoroutinefunction(closing)
    ]


def _harden(response: Response) -> Response:
    headers = response.headers
    headers.setdefault("Content-Security-Policy", POLICY)
    headers.setdefault("Reporting-Endpoints", REPORTING_ENDPOINTS)
    headers.setdefault("X-Content-Type-Options", "nosniff")
    headers.setdefault("Referrer-Policy", "same-origin")
    headers.setdefault("Cross-Origin-Opener-Policy", "same-origin")
    headers.setdefault("Cross-Origin-Resource-Policy", "same-origin")
    headers.setdefault("Permissions-Policy", _PERMISSIONS_POLICY)
    if request.is_secure:
        headers.setdefault("Strict-Transport-Security", f"max-age={_HTTPS_SECONDS}")
    # Pages hold what only their reader may know: nothing between us and them may keep a copy.
    if response.mimetype == "text/html":
        headers.setdefault("Cache-Control", "private, no-store")
    return response
