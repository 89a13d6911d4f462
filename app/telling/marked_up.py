"""A mail as HTML: the same words as the plain text, with links instead of addresses."""

from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

_PAGE = Markup(
    '<!doctype html>\n<html lang="{language}">\n<head><meta charset="utf-8">'
    '<meta name="viewport" content="width=device-width, initial-scale=1">'
    "<title>{subject}</title></head>\n<body>\n{blocks}\n<hr>\n{footer}\n</body>\n</html>\n"
)


@dataclass(frozen=True, slots=True)
class Block:
    """Some words of a mail, with a heading where there are several, and where they lead.

    `link_words` name the link; "" for none.
    """

    text: str
    heading: str = ""
    link: str = ""
    link_words: str = ""


def write_html(
    *, language: str, subject: str, blocks: Sequence[Block], footer: Sequence[Block]
) -> str:
    """The page. Everything that was typed by somebody is escaped."""
    page = _PAGE.format(
        language=language,
        subject=subject,
        blocks=Markup("\n").join(_write(block) for block in blocks),
        footer=Markup("\n").join(_write(block) for block in footer),
    )
    return str(page)


def write_text(*, blocks: Sequence[Block], footer: Sequence[Block]) -> str:
    """The same as plain text: one paragraph after the other."""
    lines = []
    for block in (*blocks, *footer):
        lines += [part for part in (block.heading, block.text) if part]
        if block.link:
            lines += [block.link_words, block.link]
    return "\n\n".join(lines) + "\n"


def _write(block: Block) -> Markup:
    parts = []
    if block.heading:
        parts.append(Markup("<h2>{}</h2>").format(block.heading))
    parts += [Markup("<p>{}</p>").format(line) for line in block.text.split("\n") if line.strip()]
    if block.link:
        words = block.link_words.rstrip(":：")
        parts.append(Markup('<p><a href="{}">{}</a></p>').format(block.link, words))
    return Markup("\n").join(parts)
