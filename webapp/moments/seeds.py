"""The moments that a new site starts with."""

import json
from datetime import date, time, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from webapp.moments.models import Estimate, Moment

JUNE = 6
SATURDAY = 5
# What an event listed for a moment begins with.
BEGINNINGS = (
    "title_pattern_en", "title_pattern_cy", "starting_text_en", "starting_text_cy",
    "usual_start", "usual_length_minutes",
)  # fmt: skip


def seed_moments(session: Session, papers: Path, today: date) -> list[Moment]:
    """Add the real moments and the next Neighbours’ Day where they are missing.

    Returns those that were added. Moments that exist stay as staff have edited them, but for what
    their events begin with, where nobody has said anything of it yet.
    """
    content = read_papers(papers)
    wanted = [*content["moments"], upcoming(content["neighbours_day"], today)]
    existing = {moment.slug: moment for moment in session.scalars(select(Moment))}
    added = [_moment(paper) for paper in wanted if paper["slug"] not in existing]
    session.add_all(added)
    for paper in wanted:
        moment = existing.get(paper["slug"])
        if moment is not None and not moment.title_pattern_en:
            _begin(moment, paper)
    session.flush()
    return added


def seed_demonstration_moment(session: Session, papers: Path, today: date) -> Moment | None:
    """Add a made-up moment on the next Neighbours’ Day; None where that exists already."""
    paper = upcoming(read_papers(papers)["demonstration"], today)
    if session.scalar(select(Moment.id).where(Moment.slug == paper["slug"])) is not None:
        return None
    moment = _moment(paper | {"is_demonstration": True})
    session.add(moment)
    session.flush()
    return moment


def next_neighbours_day(today: date) -> date:
    """Return the first Saturday of June that comes after a day."""
    this_year = _first_saturday_of_june(today.year)
    return this_year if this_year > today else _first_saturday_of_june(today.year + 1)


def upcoming(paper: dict[str, Any], today: date) -> dict[str, Any]:
    """Return a paper without dates as the moment on the next Neighbours’ Day."""
    day = next_neighbours_day(today).isoformat()
    return paper | {"slug": f"{paper['slug']}-{day[:4]}", "starts_on": day, "ends_on": day}


def read_papers(papers: Path) -> dict[str, Any]:
    """Return the content of the folder’s moments.json."""
    content: dict[str, Any] = json.loads((papers / "moments.json").read_text(encoding="utf-8"))
    return content


def _first_saturday_of_june(year: int) -> date:
    first = date(year, JUNE, 1)
    return first + timedelta(days=(SATURDAY - first.weekday()) % 7)


def _moment(paper: dict[str, Any]) -> Moment:
    estimates = [
        Estimate(**{**row, "position": position, "measured_on": _day(row["measured_on"])})
        for position, row in enumerate(paper.get("estimates", []), start=1)
    ]
    dates = {name: _day(paper[name]) for name in ("starts_on", "ends_on")}
    begin = _beginnings(paper)
    return Moment(**{**paper, **dates, **begin, "estimates": estimates})


def _begin(moment: Moment, paper: dict[str, Any]) -> None:
    for name, value in _beginnings(paper).items():
        setattr(moment, name, value)


def _beginnings(paper: dict[str, Any]) -> dict[str, Any]:
    values = {name: paper[name] for name in BEGINNINGS if name in paper}
    if "usual_start" in values:
        values["usual_start"] = time.fromisoformat(values["usual_start"])
    return values


def _day(text: str) -> date:
    return date.fromisoformat(text)
