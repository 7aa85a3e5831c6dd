"""Two who change one group at once: what the other saved, and what becomes of it in the form.

A form carries a short digest of every answer as it was when it was sent out. So it can be told apart
what the other changed, what this person changed, and what both did.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import blake2b
from typing import Any

Answers = Mapping[str, Any]


@dataclass(frozen=True)
class Difference:
    """A field in which the other’s answer is not this person’s; `is_taken` where only the other changed it."""

    name: str
    theirs: Any
    mine: Any
    is_taken: bool


def digests(answers: Answers) -> str:
    """Return what a form remembers of answers."""
    return json.dumps({name: _digest(value) for name, value in answers.items()})


def differences(saved: Answers, typed: Answers, seen: str) -> list[Difference]:
    """Return where what is saved now and what was typed differ, in the order of the answers.

    What somebody did to `seen` costs nothing: each difference then counts as changed by both.
    """
    before = _read(seen)
    return [
        Difference(name, saved[name], typed[name], before.get(name) == _digest(typed[name]))
        for name in saved
        if saved[name] != typed[name] and before.get(name) != _digest(saved[name])
    ]


def _digest(value: Any) -> str:
    text = json.dumps(value, ensure_ascii=False)
    return blake2b(text.encode("utf-8", "surrogatepass"), digest_size=6).hexdigest()


def _read(seen: str) -> dict[str, Any]:
    try:
        found = json.loads(seen)
    except (ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}
