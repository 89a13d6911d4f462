"""Finds the browser that the journeys are walked in, and installs one where it may.

`python -m tests.browser_setup` prints the browser's path, or says on standard error what a
person can do. It never downloads while tests run: they only look for what is there.
"""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

VARIABLE = "YINQIAO_TEST_BROWSER"

# Names on the search path, then places where systems put a browser that is not on it.
NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
PLACES = (
    "/usr/bin/chromium",
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
)

# Debian's browser, and the fonts without which Chinese pages are rows of boxes.
DEBIAN_PACKAGES = ("chromium", "fonts-noto-cjk")

ADVICE = f"""\
No browser for the tests was found, and none could be installed. Any one of these helps:
  - Debian or Ubuntu: apt-get install {" ".join(DEBIAN_PACKAGES)}
  - any system: install Chromium or Google Chrome, or run .venv/bin/playwright install chromium
  - name one that is not on the search path: make test BROWSER=/path/to/chromium
  - leave the browser tests out: make test BROWSER=none"""


class NoBrowser(Exception):
    """There is no browser to walk the journeys in; the message says what to do."""


def find_browser() -> Path | None:
    """The browser to use: the one that `YINQIAO_TEST_BROWSER` names, or the first that answers.

    Nothing is installed. Raises NoBrowser when the variable names a browser that does not run.
    """
    named = os.environ.get(VARIABLE)
    if named:
        if _answers(Path(named)):
            return Path(named)
        raise NoBrowser(f"{VARIABLE} names {named}, which does not run as a browser.")
    return next((path for path in _list_candidates() if _answers(path)), None)


def get_browser() -> Path:
    """As `find_browser`. Raises NoBrowser, with the fix in words, when there is none."""
    found = find_browser()
    if found is None:
        raise NoBrowser(ADVICE)
    return found


def install_browser() -> Path:
    """Install Debian's browser where that is possible, else Playwright's, and give its path.

    Raises NoBrowser, with the fix in words, when neither works.
    """
    for install in (_install_from_debian, _install_from_playwright):
        if install() and (found := find_browser()):
            return found
    raise NoBrowser(ADVICE)


def _list_candidates() -> Iterator[Path]:
    for name in NAMES:
        if found := shutil.which(name):
            yield Path(found)
    yield from (Path(place) for place in PLACES if Path(place).exists())
    if own := _find_playwright_browser():
        yield own


def _find_playwright_browser() -> Path | None:
    # Asked last and in a process of its own: the answer takes Playwright's driver a second.
    question = (
        "from playwright.sync_api import sync_playwright\n"
        "with sync_playwright() as playwright: print(playwright.chromium.executable_path)"
    )
    answer = subprocess.run(  # noqa: S603  (our own interpreter and text)
        [sys.executable, "-c", question], capture_output=True, text=True, check=False
    )
    path = Path(answer.stdout.strip() or "/nowhere")
    return path if path.is_file() else None


def _answers(path: Path) -> bool:
    """Whether a browser answers there; a distribution's placeholder for another store does not."""
    try:
        answer = subprocess.run(  # noqa: S603  (a browser that the person running the tests has)
            [str(path), "--version"], capture_output=True, timeout=60, check=False
        )
    except (OSError, subprocess.TimeoutExpired):
        return False
    return answer.returncode == 0


def _install_from_debian() -> bool:
    apt = shutil.which("apt-get")
    if apt is None or os.geteuid() != 0:
        return False
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    return _run([apt, "-qq", "update"], environment) and _run(
        [apt, "-qq", "install", "--yes", "--no-install-recommends", *DEBIAN_PACKAGES], environment
    )


def _install_from_playwright() -> bool:
    return _run([sys.executable, "-m", "playwright", "install", "chromium"], dict(os.environ))


def _run(command: list[str], environment: dict[str, str]) -> bool:
    print("Installing a browser for the tests:", *command[1:], file=sys.stderr)
    done = subprocess.run(  # noqa: S603  (only the commands above)
        command, env=environment, stdout=sys.stderr, stdin=subprocess.DEVNULL, check=False
    )
    return done.returncode == 0


def main(arguments: list[str]) -> int:
    """Print the browser's path, from the one argument if there is one; 1 when there is none."""
    if arguments:
        os.environ[VARIABLE] = arguments[0]
    try:
        print(find_browser() or install_browser())
    except NoBrowser as error:
        print(error, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
