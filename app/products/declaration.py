"""What this room declares to the rest of the application."""

from datetime import timedelta

from app.declaration import Job, Room
from app.products.api import blueprint as api
from app.products.jobs import mind_products
from app.products.queries.products import WAITING
from app.products.views import blueprint
from app.products.words import CODES, NOTICES, STATES

ROOM = Room(
    name="products",
    blueprints=(blueprint,),
    api=(api,),
    states=STATES,
    codes=CODES,
    notices=NOTICES,
    waiting=WAITING,
    jobs=(Job("mind_products", timedelta(hours=1), mind_products),),
)
