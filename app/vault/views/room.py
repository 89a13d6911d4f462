"""What the pages of documents share."""

from flask import Blueprint

from app.errors import DomainError
from app.extensions import get_settings
from app.settings import MEGABYTE
from app.vault.contents import CheckedFile, check_file
from app.vault.errors import DeclarationMissing
from app.vault.forms import UploadForm, VersionForm
from app.vault.queries.owners import name_owner
from app.web.handlers import word_error

blueprint = Blueprint("vault", __name__)
# For the pages of other rooms that lead to the documents of an organisation.
blueprint.add_app_template_global(name_owner, "name_owner")


def read_upload(form: UploadForm | VersionForm) -> CheckedFile:
    """The file of `form`, checked. Raises what `check_file` raises."""
    sent = form.file.data
    megabytes = get_settings().file_megabytes
    # One byte more than is taken tells that there is more.
    content: bytes = sent.stream.read(megabytes * MEGABYTE + 1)
    return check_file(sent.filename or "", content, megabytes=megabytes)


def say_beside_file(form: UploadForm | VersionForm, error: DomainError) -> None:
    """What is wrong stands beside the field that it is about."""
    field = form.declared if isinstance(error, DeclarationMissing) else form.file
    field.errors = [word_error(error)]
