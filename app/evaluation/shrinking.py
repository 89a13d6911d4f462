"""A mean that few answers cannot carry far: the posterior mean under a normal prior.

Gelman, Carlin, Stern, Dunson, Vehtari, Rubin: Bayesian Data Analysis, 3rd edition (2013), section
2.5, equation 2.11 with the prior worth `PRIOR_ANSWERS` answers; known as "Bayesian average". The
prior is fixed, so that a mentor can compute the figure again, and nobody's depends on another's.
"""

from collections.abc import Sequence
from typing import Final

# What is believed of somebody of whom nothing is known: between fair and good.
PRIOR_MEAN: Final = 3.5

# How many answers that belief is worth.
PRIOR_ANSWERS: Final = 10


def shrink(ratings: Sequence[float]) -> float:
    """The mean of `ratings` (1 to 5), drawn towards `PRIOR_MEAN` the more, the fewer there are."""
    return (PRIOR_MEAN * PRIOR_ANSWERS + sum(ratings)) / (PRIOR_ANSWERS + len(ratings))
