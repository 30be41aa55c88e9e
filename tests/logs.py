"""Watches what is logged during a test."""

import logging
import re
from types import TracebackType
from typing import Any, Self


class ExpectedLog:
    """Collects every record of level WARNING or above, of every logger, between enter and exit.

    Calling it with a regular expression announces records whose text it is found in; an announced
    record that never came is a fault too.
    """

    def __init__(self) -> None:
        self.records: list[logging.LogRecord] = []
        self._patterns: list[str] = []
        self._factory = logging.getLogRecordFactory()

    def __call__(self, pattern: str) -> None:
        self._patterns.append(pattern)

    def __enter__(self) -> Self:
        # The factory, and not a handler: it also sees loggers that do not hand their records on.
        logging.setLogRecordFactory(self._made)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        logging.setLogRecordFactory(self._factory)

    def faults(self) -> list[str]:
        """One line for each record nobody announced and each announcement that stayed empty."""
        messages = [f"{record.levelname} {record.name}: {record.getMessage()}" for record in self.records]
        return [
            *(f"unexpected log: {text}" for text in messages if not self._is_expected(text)),
            *(f"never logged: {p}" for p in self._patterns if not any(re.search(p, m) for m in messages)),
        ]

    def _is_expected(self, message: str) -> bool:
        return any(re.search(pattern, message) for pattern in self._patterns)

    def _made(self, *args: Any, **kwargs: Any) -> logging.LogRecord:
        record = self._factory(*args, **kwargs)
        if record.levelno >= logging.WARNING:
            self.records.append(record)
        return record
