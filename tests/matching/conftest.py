"""What the tests of matching may ask for.

`encoder_folder`  the bundled encoder, unpacked where the application keeps it
`encoder`         the encoder on it, loaded once for the whole run
`bundled`         the same joined with the second one: what the product uses unless told otherwise
`remembering`     the same, which encodes no provider's text twice
`background`      the background of that pair
`background_cache`  a folder with its vectors, which are made once for all processes of the run
`tiny_folder`     an encoder folder of a few kilobytes, with nonsense for weights
"""

from pathlib import Path

import pytest

from matching.background import Background, prepare_background
from matching.encoders.bundle import prepare_bundled
from matching.encoders.bundle_folder import write_folder
from matching.encoders.bundle_reader import PackedModel
from matching.encoders.joined import JoinedEncoder
from matching.encoders.model import Encoder
from matching.encoders.universal import UniversalEncoder
from tests.matching.packed_file import pack_tiny_model
from tests.matching.remembering import RememberingEncoder
from tests.sharing import make_once

REPOSITORY = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="session")
def encoder_folder() -> Path:
    """The bundled encoder, shared with the application so that it is unpacked once."""
    return prepare_bundled(REPOSITORY / "instance" / "encoder")


@pytest.fixture(scope="session")
def encoder(encoder_folder: Path) -> Encoder:
    """The bundled encoder in the precision of this machine."""
    return Encoder(str(encoder_folder))


@pytest.fixture(scope="session")
def bundled(encoder: Encoder) -> JoinedEncoder:
    """The bundled pair in the precision of this machine."""
    return JoinedEncoder(encoder, UniversalEncoder())


@pytest.fixture(scope="session")
def remembering(bundled: JoinedEncoder) -> RememberingEncoder:
    """The bundled pair, which encodes no text of a provider twice; what is asked, each time."""
    return RememberingEncoder(bundled)


@pytest.fixture(scope="session")
def background_cache(bundled: JoinedEncoder, shared_folder: Path) -> Path:
    """Where the background of the bundled pair lies: some nine hundred texts are encoded for it."""
    return make_once(
        shared_folder / "background", lambda folder: prepare_background(bundled, folder)
    )


@pytest.fixture(scope="session")
def background(bundled: JoinedEncoder, background_cache: Path) -> Background:
    """The background of the bundled pair."""
    return prepare_background(bundled, background_cache)


@pytest.fixture(scope="session")
def tiny_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A real but tiny encoder folder, with nonsense for weights: loads in no time."""
    folder = tmp_path_factory.mktemp("tiny")
    write_folder(PackedModel(pack_tiny_model()), folder, lambda *_: None)
    return folder
