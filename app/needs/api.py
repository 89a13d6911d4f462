"""What programs do with needs: list them, state one, change it, open it, close it."""

from typing import Any

import flask_smorest
import marshmallow as ma
from flask import Response, url_for

from app.clock import now
from app.extensions import db
from app.needs import actions
from app.needs.actions import StatedCondition, StatedNeed
from app.needs.errors import NeedAlreadyStated
from app.needs.queries import NeedFilter, find_need, select_needs
from app.profiles.queries import find_startup
from app.access import require
from app.errors import NotFound
from app.transactions import writing
from app.web.api import PATH, ApiSchema, Line, PageSchema, Text, check_version, name_version, operation
from app.web.identity import get_current_actor
from app.web.lists import show_part, take_part
from app.web.repeats import once
from app.words.limits import NAME_LIMIT, TEXT_LIMIT
from models.lifecycle import NEED
from models.needs import Need
from models.vocabulary import ConditionAttribute, NeedKind

blueprint = flask_smorest.Blueprint(
    "needs_api", __name__, url_prefix=PATH, description="What startups ask for (需求)."
)
