"""A time for a calendar program, as a file to take along."""

from flask import Response

from app.clock import now
from app.telling.entries import Entry, Method, write_entry


def answer_entry(entry: Entry, name: str, *, root: str) -> Response:
    """The file of `entry`, called by `name`, a public id. `root` is the address of this site, as in
    mails: what a request says of its host is anybody's word."""
    return Response(
        write_entry(entry, method=Method.PUBLISH, at=now(), root=root),
        content_type="text/calendar; charset=utf-8",
        headers={
            "Content-Disposition": f'attachment; filename="yinqiao-{name}.ics"',
            "Cache-Control": "private, no-store",
        },
    )
