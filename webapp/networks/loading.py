"""Find what an address of a network’s pages is about, or refuse; and who makes links there."""

from flask import abort, current_app
from flask_login import current_user

from webapp.database import utc_now
from webapp.extensions import db
from webapp.groups.models import Group
from webapp.groups.networks import Network
from webapp.groups.queries import group_of_slug
from webapp.language import current_language
from webapp.networks.claims import Issue
from webapp.networks.queries import group_held, network_of_slug
from webapp.security import Act, authorise


def network_for(slug: str) -> Network:
    """Return a network that whoever asks coordinates; to everybody else there is none."""
    network = network_of_slug(db.session, slug) or abort(404)
    authorise(current_user, Act.EDIT, network)
    return network


def held_group(network: Network, slug: str) -> Group:
    """Return a group that a network holds."""
    return group_held(db.session, network, slug) or abort(404)


def group_for_owner(slug: str) -> Group:
    """Return a group that whoever asks manages."""
    group = group_of_slug(db.session, slug) or abort(404)
    authorise(current_user, Act.MANAGE, group)
    return group


def new_issue() -> Issue:
    """Return what new claim links are made by: whoever asks, now, in their page’s language."""
    return Issue(
        by=current_user,
        now=utc_now(),
        language=current_language(),
        secret_key=str(current_app.secret_key),
    )
