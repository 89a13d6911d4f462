"""Journeys: what people do in a browser, from page to page, on a site that really runs."""
