"""Draws a small PDF, so that the demonstration has some of that type without another package.

One page of lines in the font that readers bring for Chinese (ISO 32000-1, 9.7.5.2 and 9.7.6: a
predefined CMap over a CID font that is not embedded).
"""

from collections.abc import Sequence
from typing import Final

_A4: Final = (595, 842)
_MARGIN: Final = 64
_FIRST_SIZE: Final = 20
_SIZE: Final = 13
_LEADING: Final = 26


def draw_pdf(lines: Sequence[str]) -> bytes:
    """A PDF with `lines`, the first of them as a heading."""
    width, height = _A4
    drawn = [f"BT /F1 {_FIRST_SIZE} Tf {_MARGIN} {height - 2 * _MARGIN} Td {_LEADING} TL"]
    for number, line in enumerate(lines):
        if number == 1:
            drawn.append(f"/F1 {_SIZE} Tf")
        drawn.append(f"<{line.encode('utf-16-be').hex()}> Tj T*")
    stream = "\n".join([*drawn, "ET"]).encode()
    return _join(
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 %d %d] /Contents 4 0 R"
        b" /Resources << /Font << /F1 5 0 R >> >> >>" % (width, height),
        b"<< /Length %d >>\nstream\n%s\nendstream" % (len(stream), stream),
        b"<< /Type /Font /Subtype /Type0 /BaseFont /STSong-Light /Encoding /UniGB-UCS2-H"
        b" /DescendantFonts [6 0 R] >>",
        b"<< /Type /Font /Subtype /CIDFontType0 /BaseFont /STSong-Light /DW 1000"
        b" /W [1 95 500] /FontDescriptor 7 0 R"
        b" /CIDSystemInfo << /Registry (Adobe) /Ordering (GB1) /Supplement 2 >> >>",
        b"<< /Type /FontDescriptor /FontName /STSong-Light /Flags 6 /ItalicAngle 0"
        b" /FontBBox [-25 -254 1000 880] /Ascent 880 /Descent -120 /CapHeight 880 /StemV 93 >>",
    )


def _join(*objects: bytes) -> bytes:
    """The objects, numbered from 1, with the table of where each begins."""
    file = bytearray(b"%PDF-1.4\n%\xe2\xe3\xcf\xd3\n")
    places = []
    for number, content in enumerate(objects, start=1):
        places.append(len(file))
        file += b"%d 0 obj\n%s\nendobj\n" % (number, content)
    table = len(file)
    file += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    for place in places:
        file += b"%010d 00000 n \n" % place
    file += b"trailer\n<< /Size %d /Root 1 0 R >>\n" % (len(objects) + 1)
    file += b"startxref\n%d\n%%%%EOF\n" % table
    return bytes(file)
