"""People and the outside world: pages, API, command line, jobs."""
