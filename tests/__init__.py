"""The tests: they mirror the three packages; journeys/ walks the pages, rules/ reads the code."""
