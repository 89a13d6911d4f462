"""A passkey in a browser: added, used after the password and in its place, and gone."""

from collections.abc import Iterator
from dataclasses import replace

import pytest
from flask import Flask
from playwright.sync_api import CDPSession, Page, expect

from app.extensions import db
from tests.factories import PASSWORD, make_person
from tests.journeys.conftest import OpenPage
from tests.serving import serve_application

pytestmark = pytest.mark.trust

EMAIL = "owner@example.org"


@pytest.fixture
def site(app: Flask) -> Iterator[str]:
    """A site with one account and no data, served as `localhost`.

    Browsers offer no passkeys at an address in figures.
    """
    with app.app_context():
        make_person(db.session, email=EMAIL, locale="en")
        db.session.commit()
    with serve_application(app) as port:
        address = f"http://localhost:{port}"
        settings = app.extensions["yinqiao_settings"]
        app.extensions["yinqiao_settings"] = replace(settings, public_url=address)
        yield address


def plug_in_device(page: Page) -> tuple[CDPSession, str]:
    """A device that keeps passkeys and verifies its owner, as this window sees it."""
    devices = page.context.new_cdp_session(page)
    devices.send("WebAuthn.enable")
    added = devices.send(
        "WebAuthn.addVirtualAuthenticator",
        {
            "options": {
                "protocol": "ctap2",
                "transport": "internal",
                "hasResidentKey": True,
                "hasUserVerification": True,
                "isUserVerified": True,
                "automaticPresenceSimulation": True,
            }
        },
    )
    return devices, str(added["authenticatorId"])


def give_password(page: Page) -> None:
    """The first step of a log-in whose second one is asked for."""
    page.goto("/log-in")
    page.locator("main input[name=email]").first.fill(EMAIL)
    page.locator("main input[name=password]").first.fill(PASSWORD)
    page.locator("main input[type=password]").first.press("Enter")


def log_out(page: Page) -> None:
    page.locator("form[action='/log-out'] button").click()
    page.wait_for_url("**/log-in")


def test_a_passkey_lets_in_after_the_password_and_in_its_place(open_page: OpenPage) -> None:
    page = open_page(locale="en")
    devices, device = plug_in_device(page)
    give_password(page)
    page.wait_for_url("**/dashboard")

    page.goto("/account/passkeys")
    page.locator("#name").fill("Laptop")
    page.locator("form[data-passkey=new] button").click()
    expect(page.locator("main ol code")).to_have_count(10)
    page.goto("/account")
    log_out(page)

    page.goto("/log-in")
    page.locator("form[action='/log-in/passkey'] button").click()
    page.wait_for_url("**/dashboard")
    page.goto("/account")
    expect(page.locator("main")).to_contain_text("by passkey")

    log_out(page)
    give_password(page)
    page.locator("form[action='/log-in/code/passkey'] button").click()
    page.wait_for_url("**/dashboard")
    page.goto("/account")
    expect(page.locator("main")).to_contain_text("by password and passkey")

    # The device is gone: the page says so, in place, and nobody is in.
    log_out(page)
    devices.send("WebAuthn.clearCredentials", {"authenticatorId": device})
    give_password(page)
    page.locator("form[action='/log-in/code/passkey'] button").click()
    expect(page.locator(".passkey-refused")).to_be_visible()
    expect(page.locator("#code")).to_be_visible()
