"""Marks on texts."""

from app.datarooms.standing import mark_lines, read_text


def test_marks_stand_on_every_part() -> None:
    parts = mark_lines("\n".join(str(n) for n in range(90)), "mark")
    assert [mark for mark, _ in parts] == ["mark"] * 3
    assert mark_lines("", "mark") == [("mark", "")]
    assert read_text("批次".encode("gb18030")) == "批次"
    assert read_text(b"\xef\xbb\xbfa" * 2, most=1) == "a"
