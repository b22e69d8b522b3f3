# The one image of a cluster: every service of docker-compose.yml runs it, each with a command of its own.

FROM python:3.11-slim-bookworm AS build
ENV PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1
RUN python -m venv /opt/venv
COPY requirements/base.txt /tmp/base.txt
RUN /opt/venv/bin/pip install --require-hashes --only-binary :all: -r /tmp/base.txt \
    && find /opt/venv -name '__pycache__' -prune -exec rm -rf {} +

FROM python:3.11-slim-bookworm
ENV PATH=/opt/venv/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    DATA_DIR=/srv/respite \
    MEDIA_ROOT=/srv/respite/media
# pg_dump and pg_restore for `manage.py backup` and `restore`; bookworm's are of the major version that the compose file runs.
RUN apt-get update \
    && apt-get install --yes --no-install-recommends postgresql-client \
    && rm -rf /var/lib/apt/lists/*
RUN groupadd --system --gid 10001 respite \
    && useradd --system --uid 10001 --gid respite --no-create-home --shell /usr/sbin/nologin respite \
    && mkdir -p /srv/respite/media /srv/respite/static \
    && chown respite:respite /srv/respite/media
WORKDIR /app
COPY --from=build /opt/venv /opt/venv
COPY manage.py pyproject.toml ./
COPY audit audit
COPY config config
COPY live live
COPY moderation moderation
COPY outbox outbox
COPY people people
COPY queues queues
COPY static static
COPY templates templates
COPY web web
COPY wellbeing wellbeing
RUN python -m compileall -q .
USER 10001:10001
VOLUME /srv/respite/media
EXPOSE 8000 8001
CMD ["granian", "--interface", "wsgi", "--host", "0.0.0.0", "--port", "8000", "config.web:application"]
