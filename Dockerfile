# syntax=docker/dockerfile:1
# Two images.
#
#   binary    the program alone, for `COPY --from=` into your own image, whose Python then runs the migrations:
#                 COPY --from=ghcr.io/alembic-rs/alembic-rs:binary-v0.1.0 /alembic-rs /usr/local/bin/
#             It is built on Debian 12 and runs wherever glibc is 2.36 or newer: Debian 12, Ubuntu 24.04, python:3.x-slim.
#   sidecar   the page beside your services: the program with Python, Alembic, SQLAlchemy and the drivers of PostgreSQL.
#             docker-compose.example.yml shows it.
#
#   docker build --target sidecar -t alembic-rs-sidecar .

FROM rust:1.95-bookworm AS build
WORKDIR /source
COPY . .
# What `--version` shows: git is no part of the context.
ARG COMMIT=""
RUN ALEMBIC_RS_COMMIT="$COMMIT" cargo build --release --locked --package alembic-rs --bin alembic-rs \
    && cp target/release/alembic-rs /alembic-rs

FROM scratch AS binary
COPY --from=build /alembic-rs /alembic-rs
COPY LICENSE /LICENSE
ENTRYPOINT ["/alembic-rs"]

FROM debian:bookworm-slim AS environment
RUN apt-get update -qq \
    && apt-get install -qq --yes --no-install-recommends python3 python3-venv ca-certificates
COPY crates/alembic-cli/sidecar.txt /requirements.txt
# With its byte code, which a container that is read-only would compile anew for every run.
RUN python3 -m venv --without-pip /opt/alembic \
    && python3 -m venv /tmp/pip \
    && /tmp/pip/bin/pip --python /opt/alembic/bin/python install --quiet --disable-pip-version-check \
        --no-cache-dir --no-deps --requirement /requirements.txt

FROM debian:bookworm-slim AS sidecar
RUN apt-get update -qq \
    && apt-get install -qq --yes --no-install-recommends python3-minimal libpython3-stdlib ca-certificates \
    && rm -rf /var/lib/apt/lists/* /var/cache/* /var/log/* /usr/share/doc /usr/share/man /usr/share/locale
COPY --from=environment /opt/alembic /opt/alembic
COPY --from=build /alembic-rs /usr/local/bin/alembic-rs
# The project is mounted read-only: nothing is written beside it. State of the page goes to /tmp, which may be a tmpfs.
ENV PATH=/opt/alembic/bin:/usr/local/bin:/usr/bin:/bin \
    VIRTUAL_ENV=/opt/alembic \
    ALEMBIC_RS_CONTAINER=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    PYTHONUNBUFFERED=1 \
    HOME=/tmp \
    LC_ALL=C.UTF-8
USER 10001:10001
WORKDIR /project
EXPOSE 3000
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=10s --timeout=3s --start-period=5s --retries=3 \
    CMD ["python3", "-c", "import urllib.request as request; request.urlopen('http://127.0.0.1:3000/healthz', timeout=2)"]
ENTRYPOINT ["alembic-rs"]
CMD ["ui", "--host", "0.0.0.0", "--port", "3000", "--no-open"]
