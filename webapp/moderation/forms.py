"""What the public tells staff, and what staff decide."""

from collections.abc import Sequence
from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import HiddenField, RadioField, SearchField, SelectChoice, TextAreaField
from wtforms.validators import AnyOf, StopValidation

from webapp.forms import Form, PlainText, PublicForm, Required, TrappedForm, has_visible_text
from webapp.groups.models import LONGEST_NAME, Standing
from webapp.moderation.decisions import NEED_REASON, Decision, Seen
from webapp.moderation.models import LONGEST_CONCERN, LONGEST_REASON, ConcernKind
from webapp.moderation.wording import CONCERN_NAMES, DECISION_NAMES


def _text_for_something_else(form: Any, field: TextAreaField) -> None:
    if form.kind.data == ConcernKind.OTHER.value and not has_visible_text(field.data):
        raise StopValidation(_l("Say in a few words what is wrong."))


def _reason_where_needed(form: Any, field: TextAreaField) -> None:
    if form.decision.data in NEED_REASON and not has_visible_text(field.data):
        raise StopValidation(_l("Give a reason: the host gets it by mail."))


class ConcernForm(TrappedForm):
    """What is wrong with an event, and a few words if somebody likes to."""

    kind = RadioField(
        _l("What is wrong?"),
        [Required(_l("Choose what comes closest."))],
        choices=[SelectChoice(kind.value, name) for kind, name in CONCERN_NAMES.items()],
    )
    text = TextAreaField(
        _l("Tell us more"),
        [_text_for_something_else, PlainText(LONGEST_CONCERN)],
        description=_l("Not your name or address: we do not need them."),
    )


class DecisionForm(Form):
    """What staff decide about one event; `version` and `concern` say what they had seen of it."""

    decision = RadioField(_l("What do you decide?"), [Required(_l("Choose what is to happen."))])
    reason = TextAreaField(
        _l("Reason"),
        [_reason_where_needed, PlainText(LONGEST_REASON)],
        description=_l("The host gets it by mail where you return or hide the event."),
    )
    version = HiddenField()
    concern = HiddenField()

    def __init__(self, decisions: Sequence[Decision], **kw: Any) -> None:
        super().__init__(**kw)
        self.offer(decisions)

    def offer(self, decisions: Sequence[Decision]) -> None:
        """Offer what can be decided now."""
        self.decision.choices = [
            SelectChoice(each.value, DECISION_NAMES[each]) for each in decisions
        ]

    @property
    def seen(self) -> Seen:
        """What the form’s page showed; an odd value was never seen, so it decides nothing."""
        return Seen(_number(self.version.data), _number(self.concern.data))


class StandingForm(Form):
    """Why a group is trusted, or no longer."""

    reason = TextAreaField(
        _l("Reason"),
        [
            Required(_l("Give a reason, for the colleague who looks next.")),
            PlainText(LONGEST_REASON),
        ],
        description=_l("For staff alone."),
    )
    standing = HiddenField(validators=[AnyOf(list(Standing), _l("Choose one of the options."))])


class GroupSearchForm(PublicForm):
    """Part of a group’s name."""

    q = SearchField(_l("Find a group by its name"), [PlainText(LONGEST_NAME)])


def _number(text: str | None) -> int:
    text = text or ""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else -1
