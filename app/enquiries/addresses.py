"""The addresses on this site to which this room's notices and mails lead."""

from models.enquiries import ListEnquiry
from models.needs import Need
from models.providers import Provider


def address_of_enquiry(enquiry: ListEnquiry) -> str:
    """The page of a question, on which it is answered."""
    return f"/enquiries/{enquiry.public_id}"


def address_of_asking(asker: Need | Provider) -> str:
    """Where a startup asks about the list of a need, or a provider about its places in lists."""
    kind = "needs" if isinstance(asker, Need) else "providers"
    return f"/{kind}/{asker.public_id}/enquiries"
