"""Pages of a moment, and the stylesheet that carries its colour."""

from flask import Blueprint, Response, abort, render_template
from flask.typing import ResponseReturnValue

from webapp.database import utc_now
from webapp.events.queries import events_of_moment
from webapp.extensions import db
from webapp.filters import local
from webapp.headcounts.queries import encounter_shares, reported_of_moment
from webapp.language import current_language
from webapp.moments.models import Moment
from webapp.moments.queries import moment_of_slug
from webapp.moments.wording import WordedMoment
from webapp.pledges.queries import tally_of_moment, with_people
from webapp.security import public
from webapp.vouching.queries import on_paper_of_moment

blueprint = Blueprint("moments", __name__)

EVENTS_SHOWN = 12
COLOURS_MAX_AGE = 30 * 24 * 3600


@blueprint.get("/moments/<slug>")
@public(max_age=30)
def show(slug: str) -> ResponseReturnValue:
    """Show a moment: what it is, the number, what is on."""
    moment = _moment_or_404(slug)
    language, today = current_language(), local(utc_now()).date()
    # Nobody has told anything before the first day is over; until then nobody is asked.
    is_told = moment.starts_on < today
    rows = events_of_moment(db.session, moment.id, language=language, limit=EVENTS_SHOWN)
    return render_template(
        "moments/moment.html",
        moment=WordedMoment.of(moment, language, estimates=True),
        is_over=moment.is_over(today),
        tally=tally_of_moment(db.session, moment.id),
        reported=reported_of_moment(db.session, moment.id) if is_told else None,
        on_paper=on_paper_of_moment(db.session, moment.id),
        shares=encounter_shares(db.session, moment.id) if is_told else None,
        events=with_people(db.session, rows),
        demonstration=moment.is_demonstration,
    )


@blueprint.get("/moments/<slug>/colours.css")
@public(max_age=COLOURS_MAX_AGE)
def colours(slug: str) -> ResponseReturnValue:
    """Give a moment’s colour as custom properties, readable on light and dark grounds."""
    palette = _moment_or_404(slug).palette
    css = render_template("moments/colours.css", light=palette.light, dark=palette.dark)
    return Response(css, mimetype="text/css")


def _moment_or_404(slug: str) -> Moment:
    return moment_of_slug(db.session, slug) or abort(404)
