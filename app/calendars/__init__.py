"""When people can be met: hours, exceptions, limits, and the times that are free."""
