"""What changes data rooms: the startup keeps them, investors visit them."""
