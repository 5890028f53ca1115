# Cratewise in a container: built in one stage, run without root and without a compiler in the other.
#
#   docker build -t cratewise .
#   docker run -p 127.0.0.1:8000:8000 -v cratewise:/data cratewise
#
# In local mode it answers at http://localhost:8000 to this machine alone: it listens on all
# addresses of the container, and still looks at the Host of each request.
ARG PYTHON=3.12

FROM python:${PYTHON}-slim AS build
WORKDIR /source
COPY . .
# The page is built by Node from a Python package: nothing else is needed.
RUN python -m venv /opt/cratewise \
 && /opt/cratewise/bin/python -m pip install --no-cache-dir --upgrade --constraint constraints.txt pip \
 && /opt/cratewise/bin/python -m pip install --no-cache-dir --constraint constraints.txt --build-constraint constraints.txt .

FROM python:${PYTHON}-slim
RUN useradd --system --uid 10001 --create-home --home-dir /data cratewise
COPY --from=build /opt/cratewise /opt/cratewise
ENV PATH=/opt/cratewise/bin:$PATH CRATEWISE_DATA_DIR=/data PYTHONUNBUFFERED=1
USER cratewise
VOLUME /data
EXPOSE 8000
HEALTHCHECK --interval=10s --timeout=5s --start-period=20s --retries=3 CMD ["python", "-c", "import urllib.request; urllib.request.urlopen('http://127.0.0.1:8000/healthz', timeout=4)"]
ENTRYPOINT ["cratewise"]
CMD ["serve", "--host", "0.0.0.0", "--port", "8000"]
