"""How long the database takes, seen from here: from sending a statement to having its answer."""

import time
from typing import Any

from sqlalchemy import Engine, event


class StatementClock:
    """Adds up the time of an engine’s statements."""

    def __init__(self, engine: Engine) -> None:
        self.milliseconds = 0.0
        self._start = 0.0
        event.listen(engine, "before_cursor_execute", self._begin)
        event.listen(engine, "after_cursor_execute", self._end)

    def reset(self) -> None:
        """Begin again."""
        self.milliseconds = 0.0

    def _begin(self, *_arguments: Any) -> None:
        self._start = time.perf_counter()

    def _end(self, *_arguments: Any) -> None:
        self.milliseconds += (time.perf_counter() - self._start) * 1000
