"""Finance commissioners: appointed by a two-way choice, their companies, their cases."""
