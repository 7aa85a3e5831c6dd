"""What the server writes down: never what stands behind the question mark of an address.

People type where they live, and a text that may be a postcode must not stay in any log.
"""

import logging
import re
from typing import Any

from gunicorn.glogging import Logger

# To the end of the line: a query that is not well-formed may have spaces in it, and then half of it
# is taken for something else and complained of.
QUERY = re.compile(r"\?[^\n]*")
COMPLAINT = re.compile(r"(Invalid request from ip=\S*).*", re.DOTALL)


class WithoutQueries(logging.Filter):
    """Cuts queries out of messages: requests that fail are named with their whole address."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Change the record and let it through."""
        message = COMPLAINT.sub(r"\1 …", record.getMessage())
        record.msg, record.args = QUERY.sub("?…", message), ()
        return True


class ServerLog(Logger):
    """Gunicorn’s log, without queries."""

    def setup(self, cfg: Any) -> None:
        """Start to log as the settings say."""
        super().setup(cfg)
        self.error_log.addFilter(WithoutQueries())
