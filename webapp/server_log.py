"""What the server writes down: never an address’s query, nor what opens something.

People type where they live, and a text that may be a postcode must not stay in any log. Who has the link of
a receipt, or one out of a mail, needs nothing else. nginx keeps to the same, see docs/deploy.md.
"""

import logging
import re
from typing import Any

from gunicorn.glogging import Logger

# To the end of the line: a query that is not well-formed may have spaces in it, and then half of it
# is taken for something else and complained of.
QUERY = re.compile(r"\?[^\n]*")
COMPLAINT = re.compile(r"(Invalid request from ip=\S*).*", re.DOTALL)


OPENS_SOMETHING = re.compile(
    r"(?<!\S)((?:/cy)?/(?:pledges|reminders|in|for-a-caller/done|how-many|hide|claim|invitations)/)"
    r"[^\s\"]+"
)


class WithoutSecrets(logging.Filter):
    """Cuts out of messages what is nobody’s business: requests that fail are named with their whole address."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Change the record and let it through."""
        message = COMPLAINT.sub(r"\1 …", record.getMessage())
        message = OPENS_SOMETHING.sub(r"\1…", message)
        record.msg, record.args = QUERY.sub("?…", message), ()
        return True


class ServerLog(Logger):
    """Gunicorn’s log, without queries and links that are somebody’s alone."""

    def setup(self, cfg: Any) -> None:
        """Start to log as the settings say."""
        super().setup(cfg)
        for log in (self.error_log, self.access_log):
            log.addFilter(WithoutSecrets())
