"""Writes docs/api/openapi.json: the document of the API as the code has it."""

import json
import tempfile
from pathlib import Path

from app import create_app
from app.settings import Settings
from app.web.api import get_document
from tests.rules.project import ROOT

DOCUMENT = ROOT / "docs/api/openapi.json"


def write_document() -> str:
    """The document as it is committed."""
    with tempfile.TemporaryDirectory() as folder:
        settings = Settings(
            instance_path=Path(folder),
            database_url=f"sqlite:///{folder}/unused.db",
            secret_key="only for the document",
            encoder="hashing",
            testing=True,
        )
        with create_app(settings).app_context():
            document = get_document()
    # A value a line, so that a change shows; indented, a quarter of the file would be blanks.
    return json.dumps(document, ensure_ascii=False, indent=0, sort_keys=True) + "\n"


if __name__ == "__main__":
    DOCUMENT.write_text(write_document(), encoding="utf-8")
