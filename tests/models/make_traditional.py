"""Makes `models/traditional.txt`, single characters from Traditional to Simplified Chinese.

    python -m tests.models.make_traditional

Source: the character table of OpenCC (Apache License 2.0), which the product has as a dependency.
`models` knows no such library, and comparing needs single characters only.
"""

from pathlib import Path

import opencc

TABLE = Path(__file__).parents[2] / "models" / "traditional.txt"

# The planes of Han characters up to extension B; what is beyond stands in no name that we saw.
RANGES = ((0x3400, 0x4DC0), (0x4E00, 0xA000), (0xF900, 0xFB00), (0x20000, 0x2A6E0))


def list_pairs() -> list[tuple[str, str]]:
    """Each character that OpenCC turns into another single one."""
    convert = opencc.OpenCC("t2s").convert
    return [
        (character, simplified)
        for first, last in RANGES
        for character in map(chr, range(first, last))
        if (simplified := convert(convert(character))) != character and len(simplified) == 1
    ]


def main() -> None:
    """Write one line of each."""
    pairs = list_pairs()
    lines = ("".join(pair[side] for pair in pairs) for side in (0, 1))
    TABLE.write_text("\n".join(lines) + "\n", encoding="utf-8")
    print(f"{len(pairs)} characters")


if __name__ == "__main__":
    main()
