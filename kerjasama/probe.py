"""Ask the web of this container whether it lives: `python -m kerjasama.probe`, for the image's HEALTHCHECK.

The base image has no curl, and the question must carry a host name that ALLOWED_HOSTS admits.
"""

import http.client
import os
import sys


def complaint() -> str | None:
    """What is wrong, or None when `/healthz` answers 200."""
    port = int(os.environ.get("BIND", "127.0.0.1:8000").rsplit(":", 1)[-1])
    host = os.environ.get("ALLOWED_HOSTS", "localhost").split(",")[0].strip().lstrip(".*") or "localhost"
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=4)
    try:
        connection.request("GET", "/healthz", headers={"Host": host})
        status = connection.getresponse().status
    except OSError as error:
        return str(error)
    return None if status == 200 else f"/healthz answers {status}"


if __name__ == "__main__":
    sys.exit(complaint())
