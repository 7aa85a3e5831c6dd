"""The mail that would have been sent, for developers; elsewhere this page does not exist."""

from flask import Blueprint, Response, abort, current_app, render_template
from flask.typing import ResponseReturnValue

from webapp.mail import mail_folder
from webapp.pages.mailbox import mail_named, newest_mail
from webapp.security import development_only

blueprint = Blueprint("dev_mail", __name__, url_prefix="/dev/mail")

SHOWN = 30


@blueprint.get("")
@development_only
def index() -> ResponseReturnValue:
    """Show the newest messages, the last one first."""
    folder = mail_folder(current_app.config["SETTINGS"])
    return render_template("pages/dev_mail.html", mails=newest_mail(folder, SHOWN))


@blueprint.get("/<name>")
@development_only
def show(name: str) -> ResponseReturnValue:
    """Show one message’s HTML by itself, where it can load and do nothing."""
    mail = mail_named(mail_folder(current_app.config["SETTINGS"]), name) or abort(404)
    headers = {"Content-Security-Policy": mail.content_security_policy}
    return Response(mail.html, mimetype="text/html", headers=headers)
