"""What this room declares to the rest of the application."""

from datetime import timedelta

from app.declaration import Job, Room
from app.products.api import blueprint as api
from app.products.jobs import mind_products
from app.products.queries.products import list_waiting, select_waiting
from app.products.views import blueprint
from app.products.words import CODES, NOTICES, STATES
from app.telling.waiting import WaitingList

ROOM = Room(
    name="products",
    blueprints=(blueprint,),
    api=(api,),
    states=STATES,
    codes=CODES,
    notices=NOTICES,
    waiting=(WaitingList(select_waiting, list_waiting),),
    jobs=(Job("mind_products", timedelta(hours=1), mind_products),),
)
