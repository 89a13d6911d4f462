"""What is said of a list of matches as a whole."""

import pytest
from flask import Flask

from app.matches.queries.exclusions import word_outcome
from models.vocabulary import Strength


@pytest.mark.parametrize(
    ("strengths", "expected"),
    [
        ([], "Nobody was found. Below you see what shut the others out."),
        ([Strength.WEAK] * 30, "Nobody fits well so far. You see those who come nearest."),
        (
            [Strength.STRONG, *[Strength.WEAK] * 29],
            "1 provider fits. Look at the sentences that speak for it.",
        ),
        (
            [Strength.STRONG, Strength.POSSIBLE, Strength.WEAK],
            "2 providers fit. Look at the sentences that speak for each.",
        ),
    ],
)
def test_only_what_is_more_than_weak_counts_as_found(
    app: Flask, strengths: list[Strength], expected: str
) -> None:
    with app.test_request_context(headers={"Accept-Language": "en"}):
        assert word_outcome(strengths) == expected
