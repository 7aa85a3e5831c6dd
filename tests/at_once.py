"""Several requests at the same instant, each with a session and a commit of its own; and after them."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from sqlalchemy import Engine, text
from sqlalchemy.orm import Session

# What all the rest of a test’s rows hang on.
ROOTS = (
    "place, user_account, role, network, community_group, moment, event, event_draft, ledger_entry, "
    "bucket_salt, checkpoint, changed_event, outgoing_mail, sign_in_code, sign_in_try, contact_try, "
    "procrastinate_jobs, procrastinate_periodic_defers"
)


def empty(owner_engine: Engine) -> None:
    """Take away all that a test has really written, so that the next finds nothing of it."""
    with owner_engine.begin() as connection:
        connection.execute(text(f"TRUNCATE {ROOTS} CASCADE"))
        state = "folded_below = '0', open_checkpoint = 1, reconciled_at = NULL"
        connection.execute(text(f"UPDATE rollup_state SET {state}"))


def at_once(engine: Engine, times: int, act: Callable[[Session], Any]) -> list[Any]:
    """Do something several times together, commit each, and return all answers."""

    def run(_number: int) -> Any:
        with Session(engine) as session:
            answer = act(session)
            session.commit()
            return answer

    with ThreadPoolExecutor(8) as pool:
        return list(pool.map(run, range(times)))
