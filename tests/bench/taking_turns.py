"""Two ways to do the same, measured in turns: by the time of the processor, and by the clock.

A machine that is busy with other work makes both wait, and not both alike: the ratio that decides
is that of processor time, with that of the clock beside it.
"""

import statistics
import time
from collections.abc import Callable


def compare(
    value: Callable[[int], object],
    baseline: Callable[[int], object],
    *,
    rounds: int,
    warm_up: int,
) -> dict[str, object]:
    """Seconds of processor time of one call of each, with their ratio; `wall_` are those of the
    clock. Each is called with the number of the round; the median of all rounds counts."""
    taken: dict[str, list[tuple[float, float]]] = {"value": [], "baseline": []}
    for number in range(warm_up + rounds):
        for name, call in (("value", value), ("baseline", baseline)):
            processor, clock = time.process_time(), time.perf_counter()
            call(number)
            spent = time.process_time() - processor, time.perf_counter() - clock
            if number >= warm_up:
                taken[name].append(spent)
    ours, theirs = (
        tuple(statistics.median(column) for column in zip(*taken[name], strict=True))
        for name in ("value", "baseline")
    )
    return {
        "value": round(ours[0], 5),
        "unit": "s of processor time",
        "baseline": round(theirs[0], 5),
        "ratio": round(ours[0] / theirs[0], 3),
        "wall_value": round(ours[1], 5),
        "wall_baseline": round(theirs[1], 5),
        "wall_ratio": round(ours[1] / theirs[1], 3),
    }
