"""The bill of materials names every package, with what is asked of one."""

import json

import pytest

from tests.rules.bill_of_materials import list_running, write_bill
from tests.rules.licences import list_locked

pytestmark = pytest.mark.trust


def test_it_names_every_locked_package_with_version_licence_and_hashes() -> None:
    bill = json.loads(write_bill())

    assert (bill["bomFormat"], bill["specVersion"]) == ("CycloneDX", "1.6")
    parts = {part["name"]: part for part in bill["components"]}
    assert sorted(parts) == list_locked()
    for name, part in parts.items():
        assert part["version"], name
        assert part["licenses"], name
        assert part["purl"] == f"pkg:pypi/{name}@{part['version'].replace('+', '%2B')}", name
        # PyTorch has other files for each processor.
        assert part.get("hashes") or name == "torch", name
    assert bill["metadata"]["component"]["name"] == "yinqiao"


def test_what_runs_is_told_from_what_tests_need() -> None:
    bill = json.loads(write_bill())
    scopes = {part["name"]: part["scope"] for part in bill["components"]}
    needs = {each["ref"]: set(each.get("dependsOn", ())) for each in bill["dependencies"]}

    assert (scopes["flask"], scopes["pytest"]) == ("required", "excluded")
    assert "werkzeug" in needs["flask"]
    assert {"flask", "pytest"} <= needs["yinqiao"]
    assert {name for name, scope in scopes.items() if scope == "required"} <= list_running()
