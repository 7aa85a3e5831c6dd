"""What many want at the same time is done for all of them together, and a fault leaves nobody waiting."""

import threading
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from itertools import chain

from webapp.pledges.gathering import Gathering

MANY = 40


class Doing:
    """Does nothing, but only once it is let; keeps what it was given together."""

    def __init__(self) -> None:
        self.together: list[list[int]] = []
        self.may_go_on = threading.Event()

    def __call__(self, items: Sequence[int]) -> None:
        self.together.append(list(items))
        self.may_go_on.wait(10)

    @property
    def all(self) -> list[int]:
        """What it was given so far."""
        return list(chain.from_iterable(self.together))


def test_one_is_done_at_once() -> None:
    doing = Doing()
    doing.may_go_on.set()

    assert Gathering(doing).wait_for(1)
    assert doing.together == [[1]]


def test_those_that_come_meanwhile_are_done_together_and_once() -> None:
    doing = Doing()
    gathering = Gathering(doing)
    with ThreadPoolExecutor(MANY) as pool:
        answers = [pool.submit(gathering.wait_for, number) for number in range(MANY)]
        while gathering._waiting.qsize() < MANY - len(doing.all):
            time.sleep(0.01)
        doing.may_go_on.set()
        assert all(each.result() for each in answers)

    assert sorted(doing.all) == list(range(MANY))
    assert len(doing.together) < MANY / 2


def test_a_fault_leaves_nobody_waiting_and_the_next_are_done() -> None:
    done: list[int] = []

    def fail_for_the_first(items: Sequence[int]) -> None:
        if 1 in items:
            raise RuntimeError
        done.extend(items)

    gathering = Gathering(fail_for_the_first)

    assert gathering.wait_for(1)
    assert gathering.wait_for(2)
    assert done == [2]
