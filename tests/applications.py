"""What is the same in every application that tests make, and dear to compute: done once a process.

Each test has an application of its own, and there are thousands. Most of the time to make one
goes into the addresses that werkzeug reads and compiles, and most of the time of its first page
into templates and SQL.
"""

from collections.abc import Callable
from types import CodeType
from typing import Any, NamedTuple

import pytest
from flask import Flask
from jinja2 import BytecodeCache
from jinja2.bccache import Bucket
from sqlalchemy import Connection, Engine
from sqlalchemy.dialects.postgresql.psycopg import PGDialect_psycopg
from sqlalchemy.dialects.sqlite.pysqlite import SQLiteDialect_pysqlite
from sqlalchemy.engine.default import DefaultDialect
from sqlalchemy.util import LRUCache
from werkzeug.routing import BaseConverter, Rule
from werkzeug.routing.matcher import RulePart

# Statements whose SQL is kept for each kind of database.
_STATEMENTS = 4_000


class _Read(NamedTuple):
    """What a rule makes of its text."""

    parts: list[RulePart]
    trace: list[tuple[bool, str]]
    converters: dict[str, BaseConverter]
    arguments: set[str]
    build: Callable[..., Any]
    build_unknown: Callable[..., Any]


class RememberingRule(Rule):
    """A rule that is read and compiled once for all rules that say the same."""

    _builders: dict[tuple[object, ...], Callable[..., Any]] = {}
    _read: dict[tuple[object, ...], _Read] = {}

    def compile(self) -> None:
        """Take over what an equal rule was compiled to, or compile."""
        said = (
            self.rule,
            self.subdomain,
            self.host,
            repr(self.defaults),
            self.websocket,
            self.merge_slashes,
            self.map.host_matching,
            tuple(self.map.converters.items()),
        )
        read = self._read.get(said)
        if read is None:
            super().compile()
            self._read[said] = _Read(
                self._parts,
                self._trace,
                self._converters,
                set(self.arguments),
                self._compile_builder(False),
                self._compile_builder(True),
            )
            return
        self._parts, self._trace, self._converters = read.parts, read.trace, read.converters
        self.arguments |= read.arguments
        self._build = read.build.__get__(self, None)
        self._build_unknown = read.build_unknown.__get__(self, None)

    def _compile_builder(self, append_unknown: bool = True) -> Callable[..., Any]:
        said = (
            self.rule,
            self.subdomain,
            self.host,
            repr(self.defaults),
            self.websocket,
            append_unknown,
        )
        if said not in self._builders:
            self._builders[said] = super()._compile_builder(append_unknown)
        return self._builders[said]


class RememberedTemplates(BytecodeCache):
    """Compiled templates by their source, for all environments of this process."""

    def __init__(self) -> None:
        self._code: dict[tuple[str, str], CodeType] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        bucket.code = self._code.get((bucket.key, bucket.checksum))

    def dump_bytecode(self, bucket: Bucket) -> None:
        if bucket.code is not None:
            self._code[bucket.key, bucket.checksum] = bucket.code


class _SharedDialects:
    """One dialect for all engines that would have equal ones, and with it the SQL of statements.

    A dialect is shared from when it has asked its database what it can do.
    """

    def __init__(self) -> None:
        self._ready: dict[tuple[object, ...], DefaultDialect] = {}
        self._statements: dict[tuple[object, ...], LRUCache[Any, Any]] = {}

    def take_over(self, engine: Engine) -> None:
        """Give `engine` the dialect and the statements of earlier engines."""
        said = self._say(engine.dialect)
        engine._compiled_cache = self._statements.setdefault(said, LRUCache(_STATEMENTS))
        engine.dialect = self._ready.get(said, engine.dialect)

    def keep(self, dialect: DefaultDialect) -> None:
        """Share `dialect` from now on, unless there is one."""
        self._ready.setdefault(self._say(dialect), dialect)

    def _say(self, dialect: Any) -> tuple[object, ...]:
        return (type(dialect), dialect._on_connect_isolation_level, dialect.paramstyle)


def share_dialects(patch: pytest.MonkeyPatch) -> None:
    """Engines made from now on share what they know of databases and statements."""
    shared = _SharedDialects()
    for kind in (SQLiteDialect_pysqlite, PGDialect_psycopg):

        def initialize(
            self: DefaultDialect, connection: Connection, ask: Any = kind.initialize
        ) -> None:
            ask(self, connection)
            shared.keep(self)

        patch.setattr(kind, "initialize", initialize)
        # What SQLAlchemy calls for each engine that was made.
        patch.setattr(kind, "engine_created", shared.take_over)


def share_what_is_compiled(patch: pytest.MonkeyPatch) -> None:
    """Applications made from now on share what they compile."""
    share_dialects(patch)
    templates = RememberedTemplates()
    patch.setattr(Flask, "url_rule_class", RememberingRule)
    patch.setattr(Flask, "jinja_options", {**Flask.jinja_options, "bytecode_cache": templates})
