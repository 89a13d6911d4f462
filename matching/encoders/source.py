"""Where an encoder's files are, and what they are: resolved without loading the model."""

import hashlib
import json
import os
import re
from collections.abc import Iterator
from pathlib import Path

from matching.encoders.errors import EncoderMissing

_FINGERPRINT_FILE = ".fingerprint.json"
# What can change an embedding: settings, weights, vocabularies. A read-me cannot.
_CONTENT_SUFFIXES = frozenset({".json", ".safetensors", ".bin", ".model", ".txt", ".vocab"})
_HUB_NAME = re.compile(r"[A-Za-z0-9][\w.-]*(/[A-Za-z0-9][\w.-]*)?")
_FIX = "run `yinqiao encoder prepare`, or set YINQIAO_ENCODER to a model name or folder"


def find_folder(name_or_folder: str) -> Path:
    """The local folder of an encoder: the folder itself, or a hub name's downloaded snapshot.

    A name without an owner is looked for under `sentence-transformers/`, as that library does.
    Never uses the network. Raises EncoderMissing, whose message names the fix.
    """
    folder = Path(name_or_folder).expanduser()
    if folder.is_dir():
        if not any((folder / name).is_file() for name in ("modules.json", "config.json")):
            raise EncoderMissing(f"the folder {folder} holds no encoder: {_FIX}")
        return folder.resolve()
    if folder.is_absolute() or not _HUB_NAME.fullmatch(name_or_folder):
        raise EncoderMissing(f"there is no encoder at {name_or_folder}: {_FIX}")
    snapshot = _find_snapshot(_hub_name(name_or_folder))
    if snapshot is None:
        raise EncoderMissing(
            f"the encoder {name_or_folder} is not on this machine: "
            f"{_FIX}; the former downloads it where the model hub can be reached"
        )
    return snapshot


def download_snapshot(name: str) -> Path:
    """Fetch a model from the hub into the usual cache, and return its folder.

    Raises EncoderMissing when `name` is no hub name or the hub does not give it.
    """
    if not _HUB_NAME.fullmatch(name):
        raise EncoderMissing(f"there is no encoder at {name}: {_FIX}")
    from huggingface_hub import snapshot_download
    from huggingface_hub.errors import HfHubHTTPError, LocalEntryNotFoundError

    # Copies of the same weights for other engines would multiply the download.
    others = ["onnx/*", "openvino/*", "*.onnx", "*.h5", "*.msgpack", "*.ot", "*.gguf"]
    try:
        # Whoever names a model chooses what it holds; the fingerprint of what came is kept with
        # every vector.
        return Path(snapshot_download(_hub_name(name), ignore_patterns=others))  # nosec B615
    except (HfHubHTTPError, LocalEntryNotFoundError, OSError) as error:
        raise EncoderMissing(
            f"the encoder {name} could not be downloaded ({error}); set YINQIAO_ENCODER to a "
            "folder, set HF_ENDPOINT to a mirror of the hub, or leave it unset for the bundled one"
        ) from error


def _hub_name(name: str) -> str:
    """The full name on the model hub: `owner/model`."""
    return name if "/" in name else f"sentence-transformers/{name}"


def read_cut(folder: Path) -> int | None:
    """How many numbers of each vector the folder's settings keep; None where they keep all.

    Models that were trained to be cut (Kusupati et al., Matryoshka, 2022) say with `truncate_dim`
    in `config_sentence_transformers.json` how many are enough.
    """
    return _positive(_read_json(folder / "config_sentence_transformers.json"), "truncate_dim")


def read_dimensions(folder: Path) -> int | None:
    """The length of the vectors as the folder's settings state it, or None where they do not."""
    made, kept = _read_made(folder), read_cut(folder)
    return made if made is None or kept is None else min(made, kept)


def _read_made(folder: Path) -> int | None:
    """The length of the vectors that the model makes."""
    modules = _read_json(folder / "modules.json")
    if not isinstance(modules, list):
        return _positive(_read_json(folder / "config.json"), "hidden_size")
    for module in reversed(modules):
        kind = str(module.get("type", "")).rsplit(".", 1)[-1]
        settings = _read_json(folder / str(module.get("path", "")) / "config.json")
        if kind == "Dense":
            return _positive(settings, "out_features")
        if kind == "Pooling":
            return _pooled_dimensions(settings)
    return None


def compute_fingerprint(folder: Path) -> str:
    """SHA-256, in hex, of the names and contents of all files that make the embeddings.

    The result is kept in a side file with the sizes and times of those files, and computed anew
    when one of them has changed; where the folder cannot be written it is computed each time.
    Precision is no part of it: bfloat16 and float32 vectors of one model are interchangeable.
    """
    files = sorted(_content_files(folder))
    stamps = {
        str(path.relative_to(folder)): [path.stat().st_size, path.stat().st_mtime_ns]
        for path in files
    }
    side_file = folder / _FINGERPRINT_FILE
    known = _read_json(side_file)
    if isinstance(known, dict) and known.get("stamps") == stamps:
        fingerprint = known.get("fingerprint")
        if isinstance(fingerprint, str):
            return fingerprint
    digest = hashlib.sha256()
    for path in files:
        with path.open("rb") as file:
            content = hashlib.file_digest(file, "sha256").hexdigest()
        digest.update(f"{path.relative_to(folder).as_posix()}\0{content}\n".encode())
    fingerprint = digest.hexdigest()
    _write_side_file(side_file, {"fingerprint": fingerprint, "stamps": stamps})
    return fingerprint


def _content_files(folder: Path) -> Iterator[Path]:
    for path in folder.rglob("*"):
        hidden = any(part.startswith(".") for part in path.relative_to(folder).parts)
        if path.suffix in _CONTENT_SUFFIXES and not hidden and path.is_file():
            yield path


def _find_snapshot(name: str) -> Path | None:
    from huggingface_hub import try_to_load_from_cache

    for file in ("modules.json", "config.json"):
        found = try_to_load_from_cache(name, file)
        if isinstance(found, str):
            return Path(found).parent
    return None


def _pooled_dimensions(settings: object) -> int | None:
    width = _positive(settings, "embedding_dimension") or _positive(
        settings, "word_embedding_dimension"
    )
    if width is None or not isinstance(settings, dict):
        return None
    mode = settings.get("pooling_mode")
    if isinstance(mode, list):
        return width * len(mode)
    if mode is None:
        modes = sum(
            value is True for key, value in settings.items() if key.startswith("pooling_mode_")
        )
        return width * max(modes, 1)
    return width


def _positive(settings: object, key: str) -> int | None:
    value = settings.get(key) if isinstance(settings, dict) else None
    return value if isinstance(value, int) and value > 0 else None


def _read_json(path: Path) -> object:
    try:
        content: object = json.loads(path.read_text("utf-8"))
    except (OSError, ValueError):
        return None
    return content


def _write_side_file(path: Path, content: object) -> None:
    """Best effort: a reader never sees half of it, and a read-only folder goes without."""
    temporary = path.with_name(f"{path.name}.{os.getpid()}")
    try:
        temporary.write_text(json.dumps(content), "utf-8")
        temporary.replace(path)
    except OSError:
        temporary.unlink(missing_ok=True)
