"""The people of the demonstration, each in a window of their own, and what they do there.

Steps find what they press by where it leads, so that they read alike in both languages.
"""

from datetime import datetime
from typing import Literal

from playwright.sync_api import Page, expect

from app.demo.accounts import DEMO_ACCOUNTS, DEMO_PASSWORD
from models.vocabulary import Role


def log_in(page: Page, role: Role) -> None:
    """The demonstration's account of `role` logs in through the form and sees the dashboard."""
    account = next(account for account in DEMO_ACCOUNTS if account.role is role)
    page.goto("/log-in")
    page.locator("main input[name=email]").first.fill(account.email)
    page.locator("main input[name=password]").first.fill(DEMO_PASSWORD)
    page.locator("main input[type=password]").first.press("Enter")
    page.wait_for_url("**/dashboard")


def choose_language(page: Page, locale: str) -> None:
    """The pages speak `locale` from now on, whatever the account prefers."""
    button = page.locator(f".locale-form button[value='{locale}']")
    if button.count():
        if not button.is_visible():
            page.locator(".site-menu > summary").click()
        button.click()
        page.wait_for_load_state()
    expect(page.locator("html")).to_have_attribute("lang", locale.replace("_", "-"))


def press(page: Page, path: str) -> None:
    """Press the button of the form that sends to an address ending in `path`."""
    page.locator(f"main form[action$='{path}'] button").first.click()
    page.wait_for_load_state()


def state_need(page: Page, *, title: str, text: str) -> None:
    """A founder states a need from the dashboard, and lands on its matches."""
    page.locator("main a[href$='/needs/new']").first.click()
    page.locator("#title").fill(title)
    page.locator("#text").fill(text)
    page.locator("main form .btn-primary").click()
    page.wait_for_url("**/needs/*")
    expect(page.get_by_role("heading", level=1)).to_contain_text(title)


def propose_time(page: Page, when: datetime, *, link: str) -> None:
    """Propose `when`, in the reader's zone, for an hour."""
    form = page.locator("main form[action$='/sessions']")
    # The form may be folded away behind its heading.
    for fold in page.locator("main details:has(form[action$='/sessions'])").all():
        if fold.get_attribute("open") is None:
            fold.locator("summary").first.click()
    form.locator("[name$=on]").first.fill(when.strftime("%Y-%m-%d"))
    form.locator("[name$=clock]").first.fill(when.strftime("%H:%M"))
    form.locator("[name$=link]").first.fill(link)
    form.locator("button").last.click()
    page.wait_for_load_state()


def give_feedback(page: Page, *, rating: int, comment: str, private_note: str) -> None:
    """Say how the session was, on the feedback page."""
    form = page.locator("main form:has([name=rating])")
    form.locator(f"[name=rating][value='{rating}']").check()
    form.locator("[name=wants_to_continue][value='yes']").check()
    # What need not be said is folded away.
    form.locator("details summary").click()
    form.locator(f"[name=preparation][value='{rating}']").check()
    form.locator("[name=comment]").fill(comment)
    form.locator("[name=private_note]").fill(private_note)
    form.locator("button.btn-primary").click()
    page.wait_for_load_state()


def expect_state(
    page: Page, state: Literal["requested", "accepted", "active", "completed"]
) -> None:
    """The page says that what it shows is in `state`."""
    expect(page.locator(f"main [data-state={state}]").first).to_be_visible()
