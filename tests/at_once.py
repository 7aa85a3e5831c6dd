"""Several requests at the same instant, each with a session and a commit of its own."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from sqlalchemy import Engine
from sqlalchemy.orm import Session


def at_once(engine: Engine, times: int, act: Callable[[Session], Any]) -> list[Any]:
    """Do something several times together, commit each, and return all answers."""

    def run(_number: int) -> Any:
        with Session(engine) as session:
            answer = act(session)
            session.commit()
            return answer

    with ThreadPoolExecutor(8) as pool:
        return list(pool.map(run, range(times)))
