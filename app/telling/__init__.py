"""How people hear of things: notices, mail, and what waits for them."""
