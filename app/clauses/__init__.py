"""Clauses: rules as data, judged with what is known, and what would have to change.

A mandate, the conditions of a policy or of a voucher, the criteria of a gate and a milestone are
one kind of thing: a tree of checks of facts. This package knows nothing of where facts and rules
come from. It does no input and output, has no clock, and computes with whole numbers and fractions
alone, so that a bound is met or not, without rounding.

`parsing` makes a document from plain JSON data, `evaluation` judges it and explains, `changes`
finds the smallest change that would make it pass, `waiting` when time alone does, and `screening`
judges many documents for many subjects quickly. docs/clauses.md is the description for authors.
"""

from app.clauses.changes import Change, Step, find_smallest_change
from app.clauses.documents import AllOf, AnyOf, Check, Document, Node, Part, Score
from app.clauses.evaluation import Gap, Result, evaluate
from app.clauses.parsing import parse, parse_text
from app.clauses.quantities import Missing, Quantity, Window, read_quantity
from app.clauses.reader import ClauseInvalid, Problem
from app.clauses.screening import Screen
from app.clauses.terms import Facts, Known, Number, Scalar, Stated, Verdict
from app.clauses.waiting import find_earliest, find_latest

__all__ = [
    "AllOf",
    "AnyOf",
    "Change",
    "Check",
    "ClauseInvalid",
    "Document",
    "Facts",
    "Gap",
    "Known",
    "Missing",
    "Node",
    "Number",
    "Part",
    "Problem",
    "Quantity",
    "Result",
    "Scalar",
    "Score",
    "Screen",
    "Stated",
    "Step",
    "Verdict",
    "Window",
    "evaluate",
    "find_earliest",
    "find_latest",
    "find_smallest_change",
    "parse",
    "parse_text",
    "read_quantity",
]
