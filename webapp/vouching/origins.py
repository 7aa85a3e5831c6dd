"""Where a pledge that is vouched for came from: its device’s address, as for every other."""

from flask import current_app, request

from webapp.pledges.buckets import BUCKETS, Buckets
from webapp.pledges.sides import Side


def origin_of_request() -> Side:
    """Return the side that a pledge of this request has; how it was sent is nothing odd here."""
    buckets: Buckets = current_app.extensions[BUCKETS]
    return buckets.side(request.remote_addr, 0)
