"""Home, and the pages about the site itself."""

from flask import Blueprint, current_app, jsonify, render_template
from flask.typing import ResponseReturnValue

from webapp.config import Settings
from webapp.database import utc_now
from webapp.durability import dangers
from webapp.events.queries import events_of_moment
from webapp.extensions import db
from webapp.filters import local
from webapp.language import current_language
from webapp.moments.queries import current_moment, moments_past
from webapp.moments.wording import WordedMoment
from webapp.pledges.queries import tally_of_moment, with_people
from webapp.security import public, uncached

blueprint = Blueprint("pages", __name__)

EVENTS_SHOWN = 6
HOME_MAX_AGE = 15
TEXT_MAX_AGE = 600


@blueprint.get("/")
@public(max_age=HOME_MAX_AGE)
def home() -> ResponseReturnValue:
    """Show the moment, the number, one box, and what is coming up."""
    settings: Settings = current_app.config["SETTINGS"]
    language, now = current_language(), utc_now()
    today = local(now).date()
    moment = current_moment(db.session, today, demonstration=settings.is_development)
    past = moments_past(db.session, today)
    rows = (
        events_of_moment(
            db.session, moment.id, language=language, not_over_at=now, limit=EVENTS_SHOWN
        )
        if moment
        else []
    )
    return render_template(
        "pages/home.html",
        moment=WordedMoment.of(moment, language) if moment else None,
        tally=tally_of_moment(db.session, moment.id) if moment else None,
        events=with_people(db.session, rows),
        moments_past=[WordedMoment.of(each, language, estimates=True) for each in past],
        demonstration=moment is not None and moment.is_demonstration,
    )


@blueprint.get("/about")
@public(max_age=TEXT_MAX_AGE)
def about() -> ResponseReturnValue:
    """Say what the site is for and who runs it."""
    return render_template("pages/about.html")


@blueprint.get("/help/how-we-count")
@public(max_age=TEXT_MAX_AGE)
def help() -> ResponseReturnValue:  # noqa: A001 -- the page’s name, as in its address
    """Say how the number comes about."""
    return render_template("pages/help.html")


@blueprint.get("/host-guide")
@public(max_age=TEXT_MAX_AGE)
def host_guide() -> ResponseReturnValue:
    """Say what hosts have to think of, in plain words."""
    return render_template("pages/host_guide.html")


@blueprint.get("/accessibility")
@public(max_age=TEXT_MAX_AGE)
def accessibility() -> ResponseReturnValue:
    """Say what works for whom, and whom to tell where it does not."""
    return render_template("pages/accessibility.html")


@blueprint.get("/privacy")
@public(max_age=TEXT_MAX_AGE)
def privacy() -> ResponseReturnValue:
    """Say what is kept, why and for how long."""
    return render_template("pages/privacy.html")


@blueprint.get("/healthz")
@uncached
def health() -> ResponseReturnValue:
    """Tell a supervisor whether the site is ready: it and its database answer, and keep what is pledged."""
    reasons = dangers(db.session)
    if reasons:
        return jsonify(status="not ready", reasons=reasons), 503
    return jsonify(status="ok")
