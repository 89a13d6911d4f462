"""From scored passages to an ordered list: features, strength, evidence, spread and attention."""
