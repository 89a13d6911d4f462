"""People and the outside world: pages, API, command line, jobs.

`create_app` puts the application together; importing this package alone loads nothing heavy.
"""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from flask import Flask

    from app.settings import Settings


def create_app(settings: "Settings | None" = None) -> "Flask":
    """The application for `settings`, or for the environment when there are none.

    Raises SettingInvalid for settings that cannot be used, RouteUndeclared when a route does
    not say who may come in.
    """
    from matching.encoders.loading import without_collecting

    with without_collecting():
        # Imported here, so that the command line can still say how many cores numpy may take.
        from app.application import make_application

        return make_application(settings)
