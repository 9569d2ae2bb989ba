"""The machine room of a laptop: PostgreSQL, a broker, web, worker and beat out of one command.

`make demo`, `make test`, `make bench` and `make screenshots` are `python -m kerjasama.embedded <command>`. Nothing here
is used in production, and nothing here reads the Django settings: servers come first, then everything that needs them
runs as a child process with `DATABASE_URL` and `CELERY_BROKER_URL` in its environment.
"""
