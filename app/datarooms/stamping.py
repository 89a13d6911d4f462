"""Puts a mark over one file: a program of its own, so that a hostile file can stop nothing else.

`python -I stamping.py pdf|image MARK` reads the file from standard input and writes the marked one:
a PDF, or a JPEG. It knows nothing of the house. Where no marked file can be made, it writes
nothing, names the reason on standard error and ends with 3. `marking.py` calls it.
"""

import math
import sys
from io import BytesIO
from typing import Any, Final

SECONDS: Final = 20
_MEMORY: Final = 1_500_000_000
PAGES_LIMIT: Final = 300
PIXELS_LIMIT: Final = 50_000_000
# What is shown need not be larger: a page of A4 at 200 points an inch has 2,339.
_LONGEST_SIDE: Final = 2_400
_ANGLE: Final = 30

# Of a page and of its notes only this goes over. Whatever else a page can hold (files, thumbnails,
# actions, ways to other pages) would be shown without the mark, or would do something.
_BOXES: Final = ("/MediaBox", "/CropBox")
_OF_PAGES: Final = (*_BOXES, "/Rotate", "/UserUnit", "/Group")
_NOTES: Final = frozenset(
    {
        *("/FreeText", "/Line", "/Square", "/Circle", "/Polygon", "/PolyLine", "/Highlight"),
        *("/Underline", "/Squiggly", "/StrikeOut", "/Stamp", "/Ink", "/Widget", "/Text"),
    }
)
_OF_NOTES: Final = (
    *("/Type", "/Subtype", "/Rect", "/Contents", "/AP", "/AS", "/F", "/C", "/Border", "/BS"),
    *("/CA", "/QuadPoints", "/InkList", "/L", "/Vertices", "/FT", "/Name", "/IC"),
)


class Refused(Exception):
    """No marked file can be made: "locked", "too_large" or "damaged"."""


def stamp_pdf(content: bytes, mark: str) -> bytes:
    """The pages of `content`, each with `mark` all over it; nothing else of the file.

    `mark` is ASCII. Raises Refused, and what the library raises for damaged files.
    """
    from pypdf import PdfReader, PdfWriter
    from pypdf.generic import NameObject

    reader = PdfReader(BytesIO(content))
    if reader.is_encrypted:
        raise Refused("locked")
    if not 0 < len(reader.pages) <= PAGES_LIMIT:
        raise Refused("too_large" if len(reader.pages) else "damaged")
    writer = PdfWriter()
    for page in reader.pages:
        _take_page(writer, page, mark)
    # Layers that are hidden in the original stay so.
    layers = reader.root_object.get("/OCProperties")
    if layers is not None:
        writer.root_object[NameObject("/OCProperties")] = layers.get_object().clone(writer)
    made = BytesIO()
    writer.write(made)
    return made.getvalue()


def _take_page(writer: Any, source: Any, mark: str) -> None:
    """Add what is shown of `source`, as one closed form below the mark.

    In a form of its own, nothing that the page leaves set (a place, a clip, a colour) reaches the
    mark.
    """
    from pypdf.generic import (
        ArrayObject,
        DictionaryObject,
        FloatObject,
        NameObject,
        StreamObject,
        TextStringObject,
    )

    left, bottom, right, top = (float(side) for side in source.cropbox)
    width, height = right - left, top - bottom
    if not (0 < width < 1e5 and 0 < height < 1e5):
        raise Refused("damaged")
    page = writer.add_blank_page(width, height)
    for key in _OF_PAGES:
        if key in source:
            page[NameObject(key)] = source[key].clone(writer)
    said = source.get_contents()
    shown = StreamObject()
    shown.set_data(b"" if said is None else said.get_data())
    form = shown.flate_encode()
    form[NameObject("/Type")] = NameObject("/XObject")
    form[NameObject("/Subtype")] = NameObject("/Form")
    form[NameObject("/BBox")] = ArrayObject(FloatObject(side) for side in source.mediabox)
    form[NameObject("/Resources")] = source.get("/Resources", DictionaryObject()).clone(writer)
    page[NameObject("/Resources")] = DictionaryObject(
        {
            NameObject("/XObject"): DictionaryObject(
                {NameObject("/Shown"): writer._add_object(form)}
            ),
            NameObject("/Font"): DictionaryObject(
                {
                    NameObject("/Mark"): DictionaryObject(
                        {
                            NameObject("/Type"): NameObject("/Font"),
                            NameObject("/Subtype"): NameObject("/Type1"),
                            NameObject("/BaseFont"): NameObject("/Helvetica"),
                        }
                    )
                }
            ),
            NameObject("/ExtGState"): DictionaryObject(
                {NameObject("/Faint"): DictionaryObject({NameObject("/ca"): FloatObject(0.3)})}
            ),
        }
    )
    drawn = StreamObject()
    turned = int(source.get("/Rotate", 0) or 0)
    drawn.set_data(_draw(mark, left, bottom, width, height, _ANGLE + turned))
    page[NameObject("/Contents")] = writer._add_object(drawn.flate_encode())
    notes = ArrayObject()
    for each in source.get("/Annots") or ():
        note = each.get_object()
        if note.get("/Subtype") in _NOTES:
            taken = DictionaryObject(
                {
                    NameObject(key): note.raw_get(key).clone(writer)
                    for key in _OF_NOTES
                    if key in note
                }
            )
            if "/Contents" in taken:
                taken[NameObject("/Contents")] = TextStringObject(str(note["/Contents"]))
            notes.append(writer._add_object(taken))
    if notes:
        page[NameObject("/Annots")] = notes


def _draw(
    mark: str, left: float, bottom: float, width: float, height: float, degrees: float
) -> bytes:
    """Operators that show the page's form, and `mark` in rows over all of it."""
    size = max(width, height) / 55
    words = mark.replace("\\", r"\\").replace("(", r"\(").replace(")", r"\)")
    turn = math.radians(degrees)
    cosine, sine = math.cos(turn), math.sin(turn)
    rows = ["q /Shown Do Q", "q /Faint gs 0.4 g BT", f"/Mark {size:.3f} Tf"]
    for along, up in _lay_out(0.52 * size * len(mark), size, math.hypot(width, height) / 2):
        x = left + width / 2 + along * cosine - up * sine
        y = bottom + height / 2 + along * sine + up * cosine
        rows.append(
            f"{cosine:.5f} {sine:.5f} {-sine:.5f} {cosine:.5f} {x:.2f} {y:.2f} Tm ({words}) Tj"
        )
    return "\n".join([*rows, "ET Q"]).encode("ascii")


def _lay_out(length: float, size: float, reach: float) -> list[tuple[float, float]]:
    """Where marks of that `length` begin, along and across their own direction from the middle.

    They fill a circle of radius `reach`; every second row is moved by half a mark.
    """
    across, along = 7 * size, length + 3 * size
    rows = math.ceil(reach / across)
    columns = math.ceil(reach / along)
    return [
        (column * along - (along / 2 if row % 2 else along), row * across)
        for row in range(-rows, rows + 1)
        for column in range(-columns, columns + 2)
    ]


def stamp_image(content: bytes, mark: str) -> bytes:
    """The picture with `mark` all over it as a JPEG, upright, without what is known of its making.

    Of one that moves the first picture. Raises Refused, and what the library raises.
    """
    from PIL import Image, ImageDraw, ImageFont, ImageOps

    Image.MAX_IMAGE_PIXELS = None
    with Image.open(BytesIO(content), formats=("PNG", "JPEG")) as image:
        if image.width * image.height > PIXELS_LIMIT:
            raise Refused("too_large")
        upright = ImageOps.exif_transpose(image).convert("RGBA")
    upright.thumbnail((_LONGEST_SIDE, _LONGEST_SIDE))
    # A very small or very narrow one gets room for a mark that can be read.
    width, height = (max(side, 240) for side in upright.size)
    picture = Image.new("RGBA", (width, height), "white")
    picture.alpha_composite(upright, ((width - upright.width) // 2, (height - upright.height) // 2))
    size = max(12, max(width, height) // 50)
    font = ImageFont.load_default(size)
    reach = math.hypot(width, height) / 2
    layer = Image.new("RGBA", (2 * math.ceil(reach),) * 2, (255, 255, 255, 0))
    pen = ImageDraw.Draw(layer)
    for along, up in _lay_out(pen.textlength(mark, font), size, reach):
        place = (reach + along, reach - up)
        pen.text(
            place,
            mark,
            (70, 70, 70, 110),
            font,
            stroke_width=max(1, size // 16),
            stroke_fill=(255, 255, 255, 90),
        )
    layer = layer.rotate(_ANGLE)
    picture.alpha_composite(
        layer.crop(
            (
                (layer.width - width) // 2,
                (layer.height - height) // 2,
                (layer.width - width) // 2 + width,
                (layer.height - height) // 2 + height,
            )
        )
    )
    made = BytesIO()
    picture.convert("RGB").save(made, "JPEG", quality=88)
    return made.getvalue()


def _hold_to_limits() -> None:
    """No more time and memory than these, where the system can say so."""
    try:
        import resource
    except ImportError:  # not on Windows; the caller's deadline holds there
        return
    for kind, most in ((resource.RLIMIT_CPU, SECONDS), (resource.RLIMIT_AS, _MEMORY)):
        try:
            resource.setrlimit(kind, (most, most))
        except (OSError, ValueError):
            continue


def main(kind: str, mark: str) -> int:
    """Run it once; the exit code."""
    _hold_to_limits()
    stamp = {"pdf": stamp_pdf, "image": stamp_image}[kind]
    try:
        made = stamp(sys.stdin.buffer.read(), mark)
    except Refused as error:
        reason = str(error)
    except MemoryError:
        reason = "too_large"
    # A damaged or hostile file makes the libraries fail in any way there is.
    except Exception:
        reason = "damaged"
    else:
        sys.stdout.buffer.write(made)
        return 0
    sys.stderr.write(reason)
    return 3


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:3]))
