"""What keeps somebody out of a page: it is wider than its window, or axe finds a fault in it."""

from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Page

# What axe needs for its verdict, and nothing of what it passed.
_VERDICT = 'axe.run({resultTypes: ["violations"]}).then(found => found.violations)'


def list_faults(page: Page, *widths: int) -> list[str]:
    """What is wrong with the page in a window of each width, in pixels, or in the present one.

    The window is widened, as one that is turned would be: the page is not asked for again.
    """
    # Between two pages there is nothing to measure.
    page.wait_for_load_state()
    # Our content security policy forbids only what is inline, and what is injected here is not.
    page.evaluate(AXE_SCRIPT)
    window = page.viewport_size or {"width": 0, "height": 0}
    faults = []
    for width in widths or (window["width"],):
        page.set_viewport_size({"width": width, "height": window["height"]})
        where = f"{page.url} ({width})"
        if page.evaluate("document.documentElement.scrollWidth") > width:
            faults.append(f"{where}: sticks out")
        faults += [
            f"{where}: {fault['id']}: {fault['nodes'][0]['html']}"
            for fault in page.evaluate(_VERDICT)
        ]
    return faults
