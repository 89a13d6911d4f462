"""The room of proof: claims, orders at centres, results, and what rests on them."""
