"""What is the same in every application that tests make, and dear to compute: done once a process.

Each test has an application of its own, and there are thousands. Nine tenths of the time to make
one go into the code that werkzeug compiles to build addresses, and most of the time of its first
page into templates.
"""

from collections.abc import Callable
from types import CodeType
from typing import Any

import pytest
from flask import Flask
from jinja2 import BytecodeCache
from jinja2.bccache import Bucket
from werkzeug.routing import Rule


class RememberingRule(Rule):
    """A rule whose builders of addresses are compiled once for all rules that say the same."""

    _builders: dict[tuple[object, ...], Callable[..., Any]] = {}

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


def share_what_is_compiled(patch: pytest.MonkeyPatch) -> None:
    """Applications made from now on share what they compile."""
    templates = RememberedTemplates()
    patch.setattr(Flask, "url_rule_class", RememberingRule)
    patch.setattr(Flask, "jinja_options", {**Flask.jinja_options, "bytecode_cache": templates})
