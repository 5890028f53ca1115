"""Structured logs: JSON for programs, lines for a person at a terminal; ids on every line."""

import logging
import sys

import structlog


def write_logs(level: str) -> None:
    """Send every log of this process, libraries' too, to standard error from `level` on."""
    number = getattr(logging, level.upper())
    before: list[structlog.typing.Processor] = [
        structlog.contextvars.merge_contextvars,  # request_id, pull_id
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.format_exc_info,
    ]
    structlog.configure(
        processors=[*before, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )
    writer = logging.StreamHandler(sys.stderr)
    writer.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=before,
            processors=[
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                structlog.dev.ConsoleRenderer()
                if sys.stderr.isatty()
                else structlog.processors.JSONRenderer(),
            ],
        )
    )
    root = logging.getLogger()
    root.handlers[:] = [writer]
    root.setLevel(number)
    # They tell of every request, which our own line does.
    for name in ("httpx", "httpx2", "httpcore", "alembic"):
        logging.getLogger(name).setLevel(max(number, logging.WARNING))
