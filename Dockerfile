FROM python:3.12-slim AS build

ENV UV_COMPILE_BYTECODE=1 UV_LINK_MODE=copy UV_PYTHON_DOWNLOADS=never
RUN pip install --no-cache-dir uv

WORKDIR /opt/liudeng
# The dependencies first: they change less often than the code.
COPY pyproject.toml README.md LICENSE ./
RUN uv sync --no-dev --no-install-project
COPY bot.py ./
COPY liudeng/ liudeng/
COPY plugins/ plugins/
COPY simulator/ simulator/
COPY data/ data/
RUN uv sync --no-dev


FROM python:3.12-slim

RUN useradd --system --uid 10001 --home-dir /nonexistent --shell /usr/sbin/nologin liudeng \
    && install -d -o liudeng -g liudeng -m 700 /data
COPY --from=build /opt/liudeng /opt/liudeng

WORKDIR /opt/liudeng
# HOST: other containers must reach the bot. Publish the port to nobody else, see compose.yaml.
ENV PATH="/opt/liudeng/.venv/bin:$PATH" \
    PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    HOST=0.0.0.0 \
    PORT=8080 \
    DATA_DIR=/data
USER liudeng
VOLUME /data
EXPOSE 8080

HEALTHCHECK --interval=30s --timeout=5s --start-period=20s --retries=3 \
    CMD ["python", "-c", "import urllib.request as r; r.urlopen('http://127.0.0.1:8080/health', timeout=4)"]

CMD ["python", "bot.py"]
