"""What people are told of a code that did not work."""

from flask_babel import gettext as _

from webapp.accounts.actions import CodeOutcome


def mistake(outcome: CodeOutcome) -> str:
    """Return what was wrong with a code, and what to do."""
    return {
        CodeOutcome.WRONG: _("This is not the code. Look at the newest mail and try again."),
        CodeOutcome.SPENT: _("This code is used up or too old. Ask for a new one."),
        CodeOutcome.CLOSED: _("This account is closed. Write to us if that is a mistake."),
    }[outcome]


def too_many_codes() -> str:
    """Return why no further code is sent."""
    return _("Too many codes were sent. Use the newest, or wait an hour and try again.")
