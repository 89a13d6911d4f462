"""Whether the Chinese catalogue says everything that the English sources say.

`python -m tests.rules.translations` prints what is wrong and ends with 1 when anything is.
"""

import re
import sys
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import DEFAULT_KEYWORDS, extract_from_dir
from babel.messages.frontend import parse_mapping_cfg
from babel.messages.pofile import read_po

from tests.rules.chinese_blanks import list_misplaced
from tests.rules.project import ROOT, name_of

CATALOGUE = ROOT / "app/translations/zh_Hans_CN/LC_MESSAGES/messages.po"
MAPPING = ROOT / "babel.cfg"
KEYWORDS = {**DEFAULT_KEYWORDS, "lazy_gettext": None, "_l": None}

# One form, or the singular and the plural ones.
_Texts = str | tuple[str, ...] | list[str] | None

_PLACEHOLDER = re.compile(r"%\((\w+)\)[a-z]")

# Readers are spoken to as 您; a company as 你们, of which there is no polite form.
_TOO_FAMILIAR = re.compile("你(?!们)")


def extract_texts(root: Path = ROOT) -> Catalog:
    """Every English text below `root` that a reader may see, where babel.cfg says to look."""
    with MAPPING.open(encoding="utf-8") as file:
        methods, options = parse_mapping_cfg(file)
    found = Catalog()
    for filename, line, text, comments, context in extract_from_dir(
        root, methods, options, KEYWORDS
    ):
        found.add(text, locations=[(filename, line)], auto_comments=comments, context=context)
    return found


def read_catalogue(path: Path = CATALOGUE) -> Catalog:
    """The catalogue as it stands, with what is obsolete in it; empty when there is no file."""
    if not path.exists():
        return Catalog(locale="zh_Hans_CN")
    with path.open("rb") as file:
        return read_po(file, locale="zh_Hans_CN", abort_invalid=True)


def list_problems(sources: Catalog, catalogue: Catalog) -> list[str]:
    """One line for each text that is missing, fuzzy, obsolete, rude, badly set or at odds."""
    problems = [
        f"obsolete: {_show(message)}" for message in catalogue.obsolete.values() if message.id
    ]
    for message in catalogue:
        if message.id and _find(sources, message) is None:
            problems.append(f"no longer in the sources: {_show(message)}")
    for source in sources:
        if not source.id:
            continue
        places = ", ".join(f"{name}:{line}" for name, line in source.locations[:2])
        translated = _find(catalogue, source)
        if translated is None or not _is_said(translated):
            problems.append(f"missing: {_show(source)} ({places})")
        elif translated.fuzzy:
            problems.append(f"fuzzy: {_show(source)} ({places})")
        elif _list_placeholders(source.id) != _list_placeholders(translated.string):
            problems.append(f"other placeholders: {_show(source)} ({places})")
        elif any(_TOO_FAMILIAR.search(form) for form in _list_forms(translated.string)):
            problems.append(f"你 in place of 您: {_show(source)} ({places})")
        elif misplaced := [
            p for form in _list_forms(translated.string) for p in list_misplaced(form)
        ]:
            problems.append(f"blanks ({', '.join(misplaced)}): {_show(source)} ({places})")
        else:
            problems.extend(
                f"{error}: {_show(source)} ({places})" for error in translated.check(catalogue)
            )
    return problems


def _find(catalogue: Catalog, message: Message) -> Message | None:
    found = catalogue.get(message.id, message.context)
    # A catalogue finds a plural by its singular alone.
    return found if found is not None and found.id == message.id else None


def _is_said(message: Message) -> bool:
    forms = _list_forms(message.string)
    return bool(forms) and all(form.strip() for form in forms)


def _list_placeholders(texts: _Texts) -> set[str]:
    return {name for form in _list_forms(texts) for name in _PLACEHOLDER.findall(form)}


def _list_forms(texts: _Texts) -> list[str]:
    return [texts] if isinstance(texts, str) else list(texts or ())


def _show(message: Message) -> str:
    return repr(message.id if isinstance(message.id, str) else message.id[0])


def main() -> int:
    """Print the problems of the project's own catalogue; 1 when there are any."""
    problems = list_problems(extract_texts(), read_catalogue())
    if problems:
        print(*problems, sep="\n")
        print(f"{len(problems)} problems in {name_of(CATALOGUE)}; `make translations` collects.")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
