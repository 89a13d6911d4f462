"""The room of funds: mandates, what they say of needs, and what to prove next."""
