"""The addresses on this site to which this room's notices and mails lead."""

from models.documents import Document


def address_of_document(document: Document) -> str:
    """The page of a document."""
    return f"/documents/{document.public_id}"
