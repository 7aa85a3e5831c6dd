"""Read before all else by a Python program whose PYTHONPATH has this folder: its clock is wrong.

By CLOCK_OFFSET_SECONDS, and it goes on ticking; the database’s clock is another, and right.
"""

import os
from datetime import UTC, datetime, timedelta

import time_machine

_offset = timedelta(seconds=int(os.environ["CLOCK_OFFSET_SECONDS"]))
time_machine.travel(datetime.now(UTC) + _offset, tick=True).start()
