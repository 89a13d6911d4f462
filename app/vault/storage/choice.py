"""Which store an installation has: its folder, or the bucket that a setting names."""

from typing import cast

from flask import current_app

from app.extensions import get_settings
from app.settings import Settings
from app.vault.storage.folder import FolderStore
from app.vault.storage.port import FileStore

_STORE = "yinqiao_file_store"


def make_store(settings: Settings) -> FileStore:
    """The store for `settings`. Nothing is made or reached before its first use."""
    if settings.documents_bucket is None:
        return FolderStore(settings.documents_path)
    # Imported here: few installations need it.
    from app.vault.storage.s3 import BucketStore

    return BucketStore(settings.documents_bucket)


def get_store() -> FileStore:
    """The store of the present application, one in each process."""
    if _STORE not in current_app.extensions:
        current_app.extensions[_STORE] = make_store(get_settings())
    return cast(FileStore, current_app.extensions[_STORE])
