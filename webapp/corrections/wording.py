"""What decisions about pledges, their states and their reasons are called on pages."""

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l

from webapp.corrections.conditions import What, Why
from webapp.corrections.models import Cause, DecisionKind, DecisionState

KINDS: dict[DecisionKind, LazyString] = {
    DecisionKind.RELEASE: _l("Let them count"),
    DecisionKind.INVALIDATE: _l("Take them out of the number"),
    DecisionKind.UNDO: _l("Undo a decision"),
}
KIND_NOTES: dict[DecisionKind, LazyString] = {
    DecisionKind.RELEASE: _l("They are people, and are in the number from then on."),
    DecisionKind.INVALIDATE: _l(
        "They count nowhere. Their receipts say so, and whoever waits gets their places."
    ),
}
STATES: dict[DecisionState, LazyString] = {
    DecisionState.WAITING: _l("Waits for a second person"),
    DecisionState.RUNNING: _l("Is being carried out"),
    DecisionState.DONE: _l("Carried out"),
    DecisionState.STOPPED: _l("Stopped in the middle"),
    DecisionState.WITHDRAWN: _l("Withdrawn: nothing was done"),
}
# The public reads these, on the page that says how the number is checked.
CAUSES: dict[Cause, LazyString] = {
    Cause.PEOPLE: _l("They are people, not a program"),
    Cause.PROGRAM: _l("A program sent them"),
    Cause.TWICE: _l("The same people had pledged before"),
    Cause.NOT_REAL: _l("The event is not real"),
    Cause.MISTAKE: _l("An earlier decision of ours was a mistake"),
}
WHATS: dict[What, LazyString] = {
    What.HELD: _l("Pledges that are held"),
    What.COUNTED: _l("Pledges that count now"),
}
WHYS: dict[Why, LazyString] = {
    Why.ADDRESS: _l("Many from one address"),
    Why.NETWORK: _l("Many from one network"),
    Why.TRAP: _l("A hidden box was filled in"),
    Why.ORIGIN: _l("Another site’s page sent it"),
    Why.DEVICE: _l("Many from one device"),
    Why.STAFF: _l("Staff undid their release"),
}
