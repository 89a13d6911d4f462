"""The features of the application, in the order in which they stand on each other."""

from flask import Blueprint

from app.accounts.views import blueprint as accounts
from app.engagements.views import blueprint as engagements
from app.home.views import blueprint as home
from app.imports.views import blueprint as imports
from app.matches.api import blueprint as matches_api
from app.matches.views import blueprint as matches
from app.needs.views import blueprint as needs
from app.pools.views import blueprint as pools
from app.profiles.views import blueprint as profiles

BLUEPRINTS: tuple[Blueprint, ...] = (
    accounts,
    profiles,
    pools,
    needs,
    matches,
    matches_api,
    engagements,
    imports,
    home,
)
