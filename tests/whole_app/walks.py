"""Walks through all pages: each is taken by one of those who may see it."""

from collections.abc import Iterator

from flask import Flask
from sqlalchemy.orm import Session

from tests.factories.accounts import make_user
from tests.whole_app.addresses import address, rules
from tests.whole_app.world import World
from webapp.accounts.models import User
from webapp.drafts.models import Step
from webapp.security import Access, rule_of

WALKERS = ("nobody", "owner", "coordinator", "staff")


def paths_of(app: Flask, world: World, who: str) -> Iterator[str]:
    """Yield the addresses of the pages that are somebody’s to walk."""
    for rule in rules(app):
        declared = rule_of(app.view_functions[rule.endpoint])
        feature = rule.endpoint.partition(".")[0]
        if declared and "GET" in (rule.methods or ()) and _is_for(who, feature, declared.access):
            yield address(app, rule, world.known)
    if who == "owner":
        yield from (f"/host/{world.known['draft_id']}/{step.value}" for step in Step)


def walker(session: Session, world: World, who: str) -> User | None:
    """Return who walks; nobody is None."""
    if who == "nobody":
        return None
    people = {"owner": world.host, "coordinator": world.coordinator}
    return people.get(who) or make_user(session, staff=True)


def _is_for(who: str, feature: str, access: Access) -> bool:
    if who == "nobody":
        return access in {Access.PUBLIC, Access.UNCACHED}
    if who == "staff":
        return access is Access.STAFF
    is_own = access is Access.SIGNED_IN or feature == "drafts"
    return is_own and (feature == "networks") is (who == "coordinator")
