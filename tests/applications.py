"""What is the same in every application that tests make, and dear to compute: done once a process.

Each test has an application of its own, and there are thousands. Most of the time to make one
goes into the addresses that werkzeug reads and compiles, most of the time of its first page into
templates and SQL, and most of that of its first search into the background of the encoder.
"""

import sys
from collections.abc import Callable
from functools import cache
from pathlib import Path
from types import CodeType
from typing import TYPE_CHECKING, Any, NamedTuple

import pytest
from flask import Flask
from jinja2 import BytecodeCache
from jinja2.bccache import Bucket
from sqlalchemy import Connection, Engine
from sqlalchemy.dialects.postgresql.psycopg import PGDialect_psycopg
from sqlalchemy.dialects.sqlite.pysqlite import SQLiteDialect_pysqlite
from sqlalchemy.engine.default import DefaultDialect
from sqlalchemy.util import LRUCache
from werkzeug.routing import BaseConverter, Map, Rule
from werkzeug.routing.matcher import RulePart, StateMachineMatcher

if TYPE_CHECKING:
    from matching.background import Background
    from matching.encoders.contract import TextEncoder

# Statements whose SQL is kept for each kind of database.
_STATEMENTS = 4_000

# With so many addresses it is the whole application, rather than a small one that a test makes.
_ADDRESSES = 100


class _Declared(NamedTuple):
    """What an application is told of one address."""

    rule: str
    endpoint: str | None
    view: Callable[..., Any] | None
    answers_options: bool | None
    options: dict[str, Any]

    def is_same(self, other: "_Declared") -> bool:
        """Whether it leads to the same view in the same way."""
        # A folder of static files is served by a function of each application.
        return (
            self.rule == other.rule
            and self.endpoint == other.endpoint
            and self.answers_options == other.answers_options
            and self.options == other.options
            and (self.view is other.view or (self.endpoint or "").endswith("static"))
        )


class _Addresses(NamedTuple):
    """What the whole application was told, and what became of it."""

    declared: list[_Declared]
    matcher: StateMachineMatcher
    by_endpoint: dict[str, list[Rule]]


class RememberingMap(Map):
    """The addresses of an application: those of the first one, as long as it is told the same.

    Until then, and for whoever is told anything else, it is filled as any other.
    """

    _first: _Addresses | None = None

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._declared: list[_Declared] = []
        # While it is only told what the first one was told, nothing is entered.
        self._follows = self._first is not None and not self.host_matching
        self._enter: Callable[[_Declared], None] | None = None

    def declare(self, told: _Declared, enter: Callable[[_Declared], None]) -> bool:
        """Note what an application is told; says whether it is known and need not be entered."""
        first = self._first
        self._enter = enter
        at = len(self._declared)
        if first is not None and self._follows:
            if at < len(first.declared) and told.is_same(first.declared[at]):
                self._declared.append(told)
                if at + 1 == len(first.declared):
                    self._matcher, self._rules_by_endpoint = first.matcher, first.by_endpoint
                    self._remap = False
                return True
            self._leave()
        self._declared.append(told)
        return False

    def update(self) -> None:
        """Before the addresses are read."""
        first = type(self)._first
        if self._follows and first is not None and len(self._declared) < len(first.declared):
            self._leave()
        super().update()
        if first is None and len(self._declared) >= _ADDRESSES and not self.host_matching:
            type(self)._first = _Addresses(
                list(self._declared), self._matcher, self._rules_by_endpoint
            )
            self._follows = True

    def _leave(self) -> None:
        """Be filled with what it was told, apart from the first one."""
        self._follows = False
        self._matcher = StateMachineMatcher(self.merge_slashes)
        self._rules_by_endpoint = {}
        self._remap = True
        for told in self._declared:
            if self._enter is not None:
                self._enter(told)


def share_addresses(patch: pytest.MonkeyPatch) -> None:
    """Applications made from now on are told their addresses, and read them only once."""
    add = Flask.add_url_rule

    def add_url_rule(
        self: Flask,
        rule: str,
        endpoint: str | None = None,
        view_func: Callable[..., Any] | None = None,
        provide_automatic_options: bool | None = None,
        **options: Any,
    ) -> None:
        def enter(told: _Declared) -> None:
            add(self, *told[:4], **told.options)

        told = _Declared(rule, endpoint, view_func, provide_automatic_options, options)
        if not isinstance(self.url_map, RememberingMap) or not self.url_map.declare(told, enter):
            enter(told)
        elif view_func is not None and endpoint is not None:
            self._check_setup_finished("add_url_rule")
            known = self.view_functions.setdefault(endpoint, view_func)
            assert known is view_func, f"two views for {endpoint}"

    patch.setattr(Flask, "url_map_class", RememberingMap)
    patch.setattr(Flask, "add_url_rule", add_url_rule)


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


def share_background(patch: pytest.MonkeyPatch) -> None:
    """Engines made from now on with the encoder that needs no model share its background, which
    is the same whatever is in the database."""
    # Whoever has not loaded it makes no engine.
    module: Any = sys.modules.get("matching.ranking.roles_in_use")
    if module is None:
        return
    from matching.encoders.hashing import HashingEncoder

    prepare = module.prepare_background
    hashing = HashingEncoder().fingerprint

    @cache
    def prepare_hashing() -> "Background":
        made: Background = prepare(HashingEncoder())
        return made

    def prepare_once(encoder: "TextEncoder", cache_folder: Path | None = None) -> "Background":
        if encoder.fingerprint == hashing:
            return prepare_hashing()
        made: Background = prepare(encoder, cache_folder)
        return made

    patch.setattr(module, "prepare_background", prepare_once)


def share_what_is_compiled(patch: pytest.MonkeyPatch) -> None:
    """Applications made from now on share what they compile."""
    share_dialects(patch)
    share_addresses(patch)
    share_background(patch)
    templates = RememberedTemplates()
    patch.setattr(Flask, "url_rule_class", RememberingRule)
    patch.setattr(Flask, "jinja_options", {**Flask.jinja_options, "bytecode_cache": templates})
