"""Who may be shown at all, who was left out, and the least change that lets them in."""
