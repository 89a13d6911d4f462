"""An application of this process, served on a port of its own.

By the server that also reads and writes for the site's own processes. The one that werkzeug brings
for development leaves a file open whose reader hangs up, and the warning of it then falls into
whatever test is at work.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from threading import Thread
from typing import Any

from waitress import create_server, wasyncore


@contextmanager
def serve_application(application: Any) -> Iterator[int]:
    """Its port at 127.0.0.1. At the end every connection is closed and no thread is left."""
    server = create_server(application, host="127.0.0.1", port=0)
    thread = Thread(target=server.run)
    thread.start()
    try:
        yield server.effective_port
    finally:
        # What a server listens and answers with may be closed by its own thread alone.
        server.trigger.pull_trigger(lambda: wasyncore.close_all(server._map))
        thread.join()
        server.task_dispatcher.shutdown()
