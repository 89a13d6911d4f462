"""PDFs and images for tests, as ordinary and as hostile as they come."""

from io import BytesIO
from typing import Any

from PIL import Image
from pypdf import PdfReader, PdfWriter
from pypdf.generic import (
    ArrayObject,
    DictionaryObject,
    FloatObject,
    NameObject,
    StreamObject,
    TextStringObject,
)


def _stream(data: bytes) -> StreamObject:
    made = StreamObject()
    made.set_data(data)
    return made


def make_pdf(
    *contents: bytes, password: str = "", rotate: int = 0, hides: bytes = b"", box: Any = None
) -> bytes:
    """A PDF of one page for each of `contents`, which are operators.

    `hides` is put where a mark does not reach: a file inside, a thumbnail, an action, a page that
    only a link leads to.
    """
    writer = PdfWriter()
    for content in contents:
        page = writer.add_blank_page(300, 200)
        page[NameObject("/Contents")] = writer._add_object(_stream(content))
        page[NameObject("/Resources")] = DictionaryObject(
            {
                NameObject("/Font"): DictionaryObject(
                    {
                        NameObject("/F1"): DictionaryObject(
                            {
                                NameObject("/Type"): NameObject("/Font"),
                                NameObject("/Subtype"): NameObject("/Type1"),
                                NameObject("/BaseFont"): NameObject("/Courier"),
                            }
                        )
                    }
                )
            }
        )
        if rotate:
            page.rotate(rotate)
        if box:
            page[NameObject("/CropBox")] = ArrayObject(FloatObject(each) for each in box)
        if hides:
            apart = DictionaryObject(
                {
                    NameObject("/Type"): NameObject("/Page"),
                    NameObject("/Contents"): writer._add_object(_stream(hides)),
                }
            )
            page[NameObject("/Thumb")] = writer._add_object(_stream(hides))
            page[NameObject("/PieceInfo")] = writer._add_object(_stream(hides))
            page[NameObject("/Annots")] = ArrayObject(
                writer._add_object(
                    DictionaryObject(
                        {
                            NameObject("/Type"): NameObject("/Annot"),
                            NameObject("/Subtype"): NameObject(kind),
                            NameObject("/Rect"): ArrayObject(FloatObject(n) for n in (1, 1, 9, 9)),
                            NameObject("/Dest"): ArrayObject([writer._add_object(apart)]),
                            NameObject("/Parent"): writer._add_object(_stream(hides)),
                            NameObject("/FS"): writer._add_object(_stream(hides)),
                            NameObject("/Contents"): TextStringObject("A note"),
                        }
                    )
                )
                for kind in ("/Link", "/Widget", "/FileAttachment", "/RichMedia")
            )
    if hides:
        writer.add_attachment("secret.txt", hides)
    if password:
        writer.encrypt(password, algorithm="RC4-128")
    made = BytesIO()
    writer.write(made)
    return made.getvalue()


def read_pages(content: bytes) -> list[str]:
    """The words on each page."""
    return [page.extract_text() for page in PdfReader(BytesIO(content)).pages]


def make_image(size: tuple[int, int], *, kind: str = "PNG", mode: str = "RGB", **how: Any) -> bytes:
    """A picture of one colour."""
    made = BytesIO()
    Image.new(mode, size, 0).save(made, kind, **how)
    return made.getvalue()
