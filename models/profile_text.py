"""The canonical text of a published profile: what is encoded, indexed and quoted as evidence."""

from dataclasses import dataclass

from models.providers import Provider


@dataclass(frozen=True, slots=True)
class Section:
    """A part of a profile's text: `text[start:end]` comes from the part called `name`."""

    name: str
    start: int
    end: int


def compose_profile_text(provider: Provider) -> tuple[str, tuple[Section, ...]]:
    """The text of `provider` and where its parts stand in it.

    Each part stands in paragraphs of its own, so that no sentence runs across two parts. The
    parts were made canonical when they were stored; they are joined without further change.
    Name and conditions (fields, tickets, places) are not part of it: they are matched as such.
    """
    parts = [
        ("headline", provider.headline),
        ("summary", provider.summary),
        ("can_help_with", provider.can_help_with),
    ]
    if provider.centre is not None:
        for service in provider.centre.services:
            described = (
                f"{service.name}：{service.description}" if service.description else service.name
            )
            parts.append(("services", described))
    if provider.topics:
        parts.append(("topics", "、".join(provider.topics)))
    text = ""
    sections = []
    for name, part in parts:
        if not part:
            continue
        if text:
            text += "\n"
        sections.append(Section(name, len(text), len(text) + len(part)))
        text += part
    return text, tuple(sections)
