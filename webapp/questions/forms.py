"""What neighbours ask, and what hosts answer."""

from flask_babel import lazy_gettext as _l
from wtforms import EmailField, StringField, TextAreaField

from webapp.forms import Blank, EmailAddress, Form, PlainText, Required, TrappedForm
from webapp.questions.models import LONGEST_QUESTION

LONGEST_ASKER = 80
LONGEST_ANSWER = 2000


class AskForm(TrappedForm):
    """A question, and where the answer goes; the nonce beside them is no field, for nobody types it."""

    question = TextAreaField(
        _l("Your question"),
        [Required(_l("Write your question.")), PlainText(LONGEST_QUESTION)],
        description=_l("Such as: is there a step at the door?"),
    )
    email = EmailField(
        _l("Your e-mail address"),
        [Required(_l("Enter your e-mail address: the answer goes there.")), EmailAddress()],
        description=_l("For the answer alone. The host does not see it."),
        render_kw={"autocomplete": "email"},
    )
    name = StringField(
        _l("Your name"),
        [Blank(), PlainText(LONGEST_ASKER)],
        description=_l("The host sees it."),
        render_kw={"autocomplete": "name"},
    )

    def refuse(self, sentence: str) -> None:
        """Say above the form why the question was not sent."""
        self.form_errors.append(sentence)


class AnswerForm(Form):
    """A host’s answer."""

    answer = TextAreaField(
        _l("Your answer"),
        [Required(_l("Write your answer.")), PlainText(LONGEST_ANSWER)],
        description=_l("It is sent by e-mail. You can answer once."),
    )

    def refuse(self, sentence: str) -> None:
        """Say above the form why the answer was not sent."""
        self.form_errors.append(sentence)
