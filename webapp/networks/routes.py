"""Pages of a network’s coordinators."""

from flask import Blueprint

from webapp.groups.invitations import Invitation  # noqa: F401 -- so that its table is known
from webapp.groups.network_invitations import (
    NetworkInvitation,  # noqa: F401 -- so that its table is known
)
from webapp.groups.networks import Network  # noqa: F401 -- so that its table is known

blueprint = Blueprint("networks", __name__)
