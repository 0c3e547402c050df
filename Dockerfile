# Two stages: the wheels are built where compilers may be, and run where nothing but Python is.
FROM python:3.11-slim AS build
WORKDIR /src
RUN python -m venv /opt/monitor && /opt/monitor/bin/pip install --no-cache-dir --upgrade pip
COPY pyproject.toml README.md LICENSE ./
COPY monitor ./monitor
RUN /opt/monitor/bin/pip install --no-cache-dir ".[postgres]"

FROM python:3.11-slim
COPY --from=build /opt/monitor /opt/monitor
ENV PATH=/opt/monitor/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    XDG_DATA_HOME=/data \
    MONITOR_STORE=sqlite:////data/monitor.db
# The store lives on the volume and belongs to the user that the daemon runs as.
RUN useradd --system --uid 10001 --home-dir /data --shell /usr/sbin/nologin monitor \
    && mkdir -p /data /etc/monitor && chown monitor /data
USER monitor
WORKDIR /data
VOLUME /data
STOPSIGNAL SIGTERM
# Healthy while the scheduling and the delivery loop of the daemon leave their marks.
HEALTHCHECK --interval=30s --timeout=10s --start-period=30s CMD ["monitor", "status", "--check"]
ENTRYPOINT ["monitor"]
CMD ["run"]
