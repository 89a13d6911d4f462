"""A further text as pages and programs hand it in: copied from a document, encoded, added."""

from dataclasses import replace
from datetime import datetime

from sqlalchemy.orm import Session

from app.access import Actor
from app.profiles.actions.further import add_text
from app.profiles.encoding import encode_text, needing_encoder
from app.profiles.values import TextValues
from app.transactions import writing
from app.vault.actions.opening import record_opening, require_open
from app.vault.keeping import read_text
from app.vault.queries.documents import get_newest
from app.vault.storage.port import FileStore
from matching.engine import Engine
from models.documents import Document
from models.provider_texts import FURTHER_TEXT_LIMIT, ProviderText
from models.providers import Provider


def take_text(
    session: Session,
    engine: Engine,
    store: FileStore,
    *,
    provider: Provider,
    values: TextValues,
    document: Document | None,
    actor: Actor,
    at: datetime,
) -> ProviderText:
    """`provider` has the text of `values`, or that of the newest version of `document`. Commits.

    Raises EncodingNotReady, what opening and reading a document raise, and what `add_text` raises.
    """
    if document is not None:
        require_open(document, get_newest(document), actor=actor)
        said = read_text(store, get_newest(document), most=FURTHER_TEXT_LIMIT)
        values = replace(values, text=said)
    with needing_encoder():
        encoded = encode_text(engine, values.text)
    with writing(session):
        if document is not None:
            version = get_newest(document)
            record_opening(session, document=document, version=version, actor=actor, at=at)
        return add_text(
            session, provider=provider, values=values, encoded=encoded, actor=actor, at=at
        )
