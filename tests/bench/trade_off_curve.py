"""Draws what evening out costs, as an SVG that needs no font, script or style from elsewhere."""

from collections.abc import Sequence
from dataclasses import dataclass

_WIDTH, _HEIGHT = 640, 400
_LEFT, _RIGHT, _TOP, _BOTTOM = 80, 610, 30, 330
_GINI_AXIS = (0.3, 1.0)
_COST_AXIS = (-0.02, 0.08)
_INK, _FAINT, _LINE = "#1f2933", "#9aa5b1", "#0b6e6e"
# What is promised: half the Gini, at most this much of the relevance.
_GINI_BAR, _COST_BAR = 0.5, 0.02


@dataclass(frozen=True, slots=True)
class Point:
    """What one amount came to: the Gini as a share of the plain one, and the share of nDCG lost."""

    amount: float
    gini: float
    cost: float
    is_shipped: bool


def draw_curve(points: Sequence[Point]) -> str:
    """An SVG document: the Gini from left to right, the cost upwards, one dot an amount."""
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {_HEIGHT}" '
        f'width="{_WIDTH}" height="{_HEIGHT}" font-family="sans-serif" font-size="13" '
        f'fill="{_INK}" role="img" aria-label="Cost of relevance against the Gini of exposure">',
        f'<rect width="{_WIDTH}" height="{_HEIGHT}" fill="#ffffff"/>',
        f'<rect x="{_x(_GINI_AXIS[0])}" y="{_y(_COST_BAR)}" '
        f'width="{_x(_GINI_BAR) - _x(_GINI_AXIS[0]):.1f}" '
        f'height="{_y(_COST_AXIS[0]) - _y(_COST_BAR):.1f}" fill="#e3f4f1"/>',
        *_draw_axes(),
        f'<polyline fill="none" stroke="{_LINE}" stroke-width="2" points="'
        + " ".join(f"{_x(point.gini):.1f},{_y(point.cost):.1f}" for point in points)
        + '"/>',
    ]
    for point in points:
        x, y = _x(point.gini), _y(point.cost)
        fill = _LINE if point.is_shipped else "#ffffff"
        weight = ' font-weight="bold"' if point.is_shipped else ""
        name = f"{point.amount:.2f}" + (" (shipped)" if point.is_shipped else "")
        parts.append(
            f'<circle cx="{x:.1f}" cy="{y:.1f}" r="5" fill="{fill}" stroke="{_LINE}" '
            f'stroke-width="2"/><text x="{x + 9:.1f}" y="{y - 8:.1f}"{weight}>{name}</text>'
        )
    return "\n".join([*parts, "</svg>", ""])


def _draw_axes() -> list[str]:
    parts = []
    for tenth in range(round(10 * _GINI_AXIS[0]), round(10 * _GINI_AXIS[1]) + 1):
        x = _x(tenth / 10)
        parts.append(
            f'<line x1="{x:.1f}" y1="{_TOP}" x2="{x:.1f}" y2="{_BOTTOM}" stroke="{_FAINT}" '
            f'stroke-width="0.5"/><text x="{x:.1f}" y="{_BOTTOM + 18}" text-anchor="middle">'
            f"{tenth / 10:.1f}</text>"
        )
    for percent in range(round(100 * _COST_AXIS[0]), round(100 * _COST_AXIS[1]) + 1, 2):
        y = _y(percent / 100)
        parts.append(
            f'<line x1="{_LEFT}" y1="{y:.1f}" x2="{_RIGHT}" y2="{y:.1f}" stroke="{_FAINT}" '
            f'stroke-width="0.5"/><text x="{_LEFT - 8}" y="{y + 4:.1f}" text-anchor="end">'
            f"{percent} %</text>"
        )
    middle = (_TOP + _BOTTOM) / 2
    parts.append(
        f'<text x="{(_LEFT + _RIGHT) / 2}" y="{_BOTTOM + 45}" text-anchor="middle">'
        "Gini of exposure, as a share of that by relevance alone</text>"
        f'<text x="22" y="{middle}" text-anchor="middle" transform="rotate(-90 22 {middle})">'
        "nDCG@10 lost</text>"
    )
    return parts


def _x(gini: float) -> float:
    share = (gini - _GINI_AXIS[0]) / (_GINI_AXIS[1] - _GINI_AXIS[0])
    return _LEFT + share * (_RIGHT - _LEFT)


def _y(cost: float) -> float:
    share = (cost - _COST_AXIS[0]) / (_COST_AXIS[1] - _COST_AXIS[0])
    return _BOTTOM - share * (_BOTTOM - _TOP)
