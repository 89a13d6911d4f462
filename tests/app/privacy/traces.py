"""Looking for what must not be there: in every table, in every file, in every part of an index."""

import json
import os
from collections.abc import Iterable, Iterator
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Connection, text

from matching.engine import Engine
from models.orm import Base

# Attributes that hold the descriptor of a scratch file without a name: the file is looked into.
_DESCRIPTORS = frozenset({"_descriptor", "_file"})


def list_forms(word: str) -> list[bytes]:
    """`word` as its bytes may lie around: in both encodings of text, and escaped as in JSON."""
    return list(
        dict.fromkeys(
            (
                word.encode(),
                word.encode("utf-16-le"),
                word.encode("utf-16-be"),
                json.dumps(word)[1:-1].encode(),
            )
        )
    )


def find_in_tables(connection: Connection, words: Iterable[str]) -> set[tuple[str, str]]:
    """Each word that is found anywhere, with the table and column in which it is."""
    found = set()
    for table in Base.metadata.sorted_tables:
        for row in connection.execute(text(f'SELECT * FROM "{table.name}"')).mappings():
            for column, value in row.items():
                held = value if isinstance(value, bytes) else _spell_out(value)
                found |= {
                    (word, f"{table.name}.{column}")
                    for word in words
                    if any(form in held for form in list_forms(word))
                }
    return found


def find_in_files(folder: Path, words: Iterable[str]) -> set[tuple[str, str]]:
    """Each word that is found in a file below `folder`, with the file."""
    return {
        (word, str(path.relative_to(folder)))
        for path in folder.rglob("*")
        if path.is_file()
        for content in [path.read_bytes()]
        for word in words
        if any(form in content for form in list_forms(word))
    }


def find_bytes(folder: Path, needles: Iterable[bytes]) -> set[str]:
    """The files below `folder` that hold one of `needles`."""
    return {
        str(path.relative_to(folder))
        for path in folder.rglob("*")
        if path.is_file()
        for content in [path.read_bytes()]
        if any(needle in content for needle in needles)
    }


def find_in_engine(matching: Engine, words: Iterable[str], gone: Iterable[int]) -> list[str]:
    """What the index of `matching`, brought up to date, still has of `words` and of `gone`."""
    index = matching.refresh()
    found = [f"provider {i} is known" for i in gone if i in index.row_of]
    return found + [
        f"{word} is in {where}"
        for where, said in _list_texts(index)
        for word in words
        if word.casefold() in said.casefold()
    ]


def read_vectors(matching: Engine, provider_id: int) -> NDArray[np.float32]:
    """(sentences, dimensions) what the index of `matching` has of one provider."""
    index = matching.refresh()
    row = index.row_of[provider_id]
    start, count = int(index.sentences_at[row]), int(index.sentence_counts[row])
    return index.sentences.gather(np.arange(start, start + count))


def find_vectors(matching: Engine, vectors: NDArray[np.float32]) -> list[str]:
    """Where in memory the index of `matching`, brought up to date, has one of `vectors`."""
    return [
        where
        for where, thing in _walk(matching.refresh())
        if isinstance(thing, np.ndarray)
        for content in [thing.tobytes()]
        if any(vector.tobytes() in content for vector in vectors)
    ]


def _list_texts(thing: object) -> Iterator[tuple[str, str]]:
    """Every text that can be reached from `thing`, of arrays those that are made of bytes."""
    for where, each in _walk(thing):
        if isinstance(each, str):
            yield where, each
        elif isinstance(each, bytes | bytearray):
            yield where, each.decode("utf-8", "replace")
        elif isinstance(each, np.ndarray) and each.dtype == np.uint8:
            yield where, each.tobytes().decode("utf-8", "replace")


def _walk(thing: object) -> Iterator[tuple[str, object]]:
    """What can be reached from `thing` through attributes, mappings and sequences, each once."""
    seen: set[int] = set()
    pending: list[tuple[str, object]] = [(type(thing).__name__, thing)]
    while pending:
        where, each = pending.pop()
        if isinstance(each, int | float | type(None)) or id(each) in seen:
            continue
        seen.add(id(each))
        yield where, each
        if isinstance(each, dict):
            pending += [(where, item) for pair in each.items() for item in pair]
        elif isinstance(each, list | tuple | set | frozenset):
            pending += [(where, item) for item in each]
        elif type(each).__module__.startswith("matching."):
            names = {*getattr(each, "__dict__", ()), *getattr(type(each), "__slots__", ())}
            for name in sorted(names):
                held = getattr(each, name, None)
                if name in _DESCRIPTORS and isinstance(held, int):
                    held = os.pread(held, os.fstat(held).st_size, 0)
                pending.append((f"{where}.{name}", held))


def _spell_out(value: object) -> bytes:
    if isinstance(value, dict | list):
        return json.dumps(value, ensure_ascii=False).encode()
    return str(value).encode()
