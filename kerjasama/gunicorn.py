"""How gunicorn serves the web: `gunicorn -c python:kerjasama.gunicorn kerjasama.wsgi`.

WSGI with threads: nearly all of a request is waiting for PostgreSQL, and ASGI measured 2 to 8 times slower for
synchronous views.
"""

import os
from pathlib import Path

bind = os.environ.get("BIND", "127.0.0.1:8000")
workers = int(os.environ.get("WEB_CONCURRENCY", "2"))
worker_class = "gthread"
threads = int(os.environ.get("WEB_THREADS", "4"))
# Loaded once and shared by the workers: half the start, and memory that is not there twice.
preload_app = True
timeout = 60
graceful_timeout = 20
# Heartbeats of the workers are files; on a disk that stalls they would be taken for dead.
worker_tmp_dir = "/dev/shm" if Path("/dev/shm").is_dir() else None  # noqa: S108
# No socket to steer it from outside: whoever runs it sends signals.
control_socket_disable = True
accesslog = "-"
# Method, path, status, milliseconds. No query string, no address: what people search for is nobody's business.
access_log_format = "%(m)s %(U)s %(s)s %(M)s ms"
