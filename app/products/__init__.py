"""Finance products: who offers startups which money at which price, and whom it fits."""
