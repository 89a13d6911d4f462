"""The Flask extensions, made once and bound to each application by `create_app`."""

from flask import current_app
from flask_babel import Babel, LazyString
from flask_bootstrap import Bootstrap5
from flask_login import LoginManager
from flask_sqlalchemy_lite import SQLAlchemy
from flask_wtf import CSRFProtect
from markupsafe import Markup, escape

from app.settings import Settings

db = SQLAlchemy()
login_manager = LoginManager()
csrf = CSRFProtect()
babel = Babel()
bootstrap = Bootstrap5()


def get_settings() -> Settings:
    """The settings of this installation, inside a request or the context of its application."""
    settings: Settings = current_app.extensions["yinqiao_settings"]
    return settings


def _escape_lazy(lazy: LazyString) -> Markup:
    return escape(str(lazy))


# The library calls its lazy translations safe HTML, also where they carry what a person typed: a
# startup's name in "%(name)s asks you" would reach the page as it is. Here they are text, as the
# translations that are not lazy have always been.
LazyString.__html__ = _escape_lazy  # type: ignore[method-assign]
