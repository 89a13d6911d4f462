"""Where the pages are reached, for links in mails."""

import pytest

from app.commands.server import assume_public_url


@pytest.mark.parametrize(
    ("given", "host", "port", "expected"),
    [
        ({}, "127.0.0.1", 8500, "http://127.0.0.1:8500"),
        ({"YINQIAO_PUBLIC_URL": ""}, "0.0.0.0", 80, "http://127.0.0.1:80"),  # noqa: S104
        ({}, "::1", 8000, "http://[::1]:8000"),
        (
            {"YINQIAO_PUBLIC_URL": "https://yinqiao.example.org"},
            "127.0.0.1",
            8500,
            "https://yinqiao.example.org",
        ),
    ],
)
def test_links_lead_to_where_the_pages_are_served(
    given: dict[str, str], host: str, port: int, expected: str
) -> None:
    assume_public_url(given, host=host, port=port)
    assert given["YINQIAO_PUBLIC_URL"] == expected
