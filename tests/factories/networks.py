"""Networks, for tests."""

from collections.abc import Sequence
from itertools import count

from sqlalchemy.orm import Session

from webapp.accounts.models import User
from webapp.groups.models import Group
from webapp.groups.networks import Network
from webapp.networks.actions import make_network as create
from webapp.networks.actions import put_group_in

_numbers = count(1)


def make_network(
    session: Session,
    *,
    name: str | None = None,
    coordinator: User | None = None,
    groups: Sequence[Group] = (),
) -> Network:
    """Return a network with these groups."""
    network = create(session, name or f"Scouts {next(_numbers)}")
    if coordinator is not None:
        network.coordinators.append(coordinator)
    for group in groups:
        put_group_in(session, network, group)
    session.flush()
    return network
