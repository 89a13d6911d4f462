"""`python -m tests.rules.bill_of_materials`: what the application is made of, as CycloneDX 1.6.

Every locked package with its version, its hashes as the lock has them, its licence and what it
needs. What only those who work on the code install is `excluded`. The format is written by the
library of those who make it.
"""

import re
import sys
from collections.abc import Iterable, Iterator
from importlib.metadata import PackageNotFoundError, distribution

from cyclonedx.contrib.license.factories import LicenseFactory
from cyclonedx.model import HashAlgorithm, HashType
from cyclonedx.model.bom import Bom
from cyclonedx.model.component import Component, ComponentScope, ComponentType
from cyclonedx.output import make_outputter
from cyclonedx.schema import OutputFormat, SchemaVersion
from packageurl import PackageURL
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from tests.rules.licences import list_locked, read_licence
from tests.rules.project import ROOT

_PRODUCT = "yinqiao"


def list_needed(name: str, extras: Iterable[str] = ()) -> list[str]:
    """What the installed package `name` needs here, with `extras`; nothing for a missing one."""
    try:
        requires = distribution(name).requires or []
    except PackageNotFoundError:
        return []
    found = []
    for requirement in map(Requirement, requires):
        marker = requirement.marker
        if marker is None or any(marker.evaluate({"extra": extra}) for extra in ("", *extras)):
            found.append(canonicalize_name(requirement.name))
    return sorted(set(found))


def list_running() -> set[str]:
    """What a running installation needs, with all that needs in turn."""
    found: set[str] = set()
    ahead = [_PRODUCT]
    while ahead:
        for name in list_needed(ahead.pop()):
            if name not in found:
                found.add(name)
                ahead.append(name)
    return found


def make_bill() -> Bom:
    """The bill of the packages that are locked and installed now."""
    bill, licences = Bom(), LicenseFactory()
    about = distribution(_PRODUCT)
    product = Component(
        name=_PRODUCT,
        type=ComponentType.APPLICATION,
        version=about.version,
        licenses=[licences.make_with_expression("MIT")],
        bom_ref=_PRODUCT,
    )
    bill.metadata.component = product
    hashes, running = dict(_read_hashes()), list_running()
    components = {_PRODUCT: product}
    for name in list_locked():
        package = distribution(name)
        components[name] = Component(
            name=name,
            type=ComponentType.LIBRARY,
            version=package.version,
            bom_ref=name,
            scope=ComponentScope.REQUIRED if name in running else ComponentScope.EXCLUDED,
            purl=PackageURL("pypi", name=name, version=package.version),
            licenses=[licences.make_from_string(read_licence(package))],
            hashes=[HashType(alg=HashAlgorithm.SHA_256, content=each) for each in hashes[name]],
        )
        bill.components.add(components[name])
    for name, component in components.items():
        extras = ("dev",) if name == _PRODUCT else ()
        needed = [components[each] for each in list_needed(name, extras) if each in components]
        bill.register_dependency(component, needed)
    return bill


def _read_hashes() -> Iterator[tuple[str, list[str]]]:
    """The hashes of each locked package; none for PyTorch, which has others for each processor."""
    lock = (ROOT / "requirements.lock").read_text(encoding="utf-8")
    yield "torch", []
    for found in re.finditer(r"(?m)^([A-Za-z0-9][\w.-]*)==(?:.*\\\n)*.*", lock):
        yield canonicalize_name(found[1]), re.findall(r"--hash=sha256:([0-9a-f]{64})", found[0])


def write_bill() -> str:
    """The bill as JSON."""
    outputter = make_outputter(make_bill(), OutputFormat.JSON, SchemaVersion.V1_6)
    return str(outputter.output_as_string(indent=1))


if __name__ == "__main__":
    sys.stdout.write(write_bill() + "\n")
