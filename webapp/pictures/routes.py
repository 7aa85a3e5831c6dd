"""Giving an event its picture, and sending pictures out."""

from flask import (
    Blueprint,
    abort,
    current_app,
    flash,
    redirect,
    render_template,
    request,
    send_file,
    url_for,
)
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from webapp.database import utc_now
from webapp.events.models import Event
from webapp.events.pictures import picture_of
from webapp.events.queries import event_of_address
from webapp.extensions import db
from webapp.pictures.actions import (
    StoredPicture,
    forget_files,
    give_picture,
    remove_picture,
    store_picture,
)
from webapp.pictures.forms import PictureForm, RemovalForm, look_of
from webapp.pictures.kept import read_kept, sign_kept
from webapp.security import FOR_EVER, Act, authorise, public, signed_in, takes_files
from webapp.storage import MediaStore

blueprint = Blueprint("pictures", __name__)

# More than a picture may have, so that one a little too large gets a sentence beside its field.
LARGEST_BODY = 32_000_000


@blueprint.route("/events/<public_id>/picture", methods=["GET", "POST"])
@takes_files(LARGEST_BODY)
def edit(public_id: str) -> ResponseReturnValue:
    """Give an event a picture, another one, or other words for it."""
    event = _event_to_edit(public_id)
    picture = picture_of(db.session, event.id)
    secret_key = current_app.config["SECRET_KEY"]
    kept = request.form.get("kept", "")
    sent = read_kept(secret_key, _store(), public_id, kept)
    # Whoever was told that a new picture is kept must not find the old one still there.
    has_picture = bool(sent if kept else picture)
    form = PictureForm(obj=picture, has_picture=has_picture, look=look_of(picture))
    if form.is_submitted():
        is_valid = form.validate()
        sent = store_picture(_store(), form.converted) if form.converted else sent
        if is_valid:
            return _given(event, sent, form.alternative_text.data or "")
    form.kept.data = sign_kept(secret_key, public_id, sent) if sent else ""
    form.seen.data = form.look
    page = render_template("pictures/edit.html", event=event, picture=picture, sent=sent, form=form)
    return page, 422 if form.errors else 200


@blueprint.route("/events/<public_id>/picture/remove", methods=["GET", "POST"])
@signed_in
def remove(public_id: str) -> ResponseReturnValue:
    """Take an event’s picture away, after asking."""
    event = _event_to_edit(public_id)
    picture = picture_of(db.session, event.id) or abort(404)
    form = RemovalForm()
    # What somebody else has put in its place meanwhile is shown and asked about.
    if form.validate_on_submit() and form.seen.data == look_of(picture):
        key = remove_picture(db.session, event, by=current_user, now=utc_now())
        db.session.commit()
        forget_files(db.session, _store(), key)
        flash(_("The picture is removed."), "good")
        return redirect(url_for("organising.manage", public_id=public_id), 303)
    form.seen.data = look_of(picture)
    page = render_template("pictures/remove.html", event=event, picture=picture, form=form)
    return page, 422 if form.is_submitted() else 200


@blueprint.get("/media/<name>")
@public(FOR_EVER)
def media(name: str) -> ResponseReturnValue:
    """Send a picture’s file.

    Whoever has its name may see it, also while its event is a draft or hidden: no page of such an
    event is public, and a name is 128 random bits, which nobody guesses.
    """
    file = _store().open(name) or abort(404)
    return send_file(file, mimetype="image/webp", etag=False, max_age=FOR_EVER)


def _given(event: Event, sent: StoredPicture | None, text: str) -> ResponseReturnValue:
    before = give_picture(db.session, event, sent, text, by=current_user, now=utc_now())
    db.session.commit()
    forget_files(db.session, _store(), before)
    flash(_("The picture is on your event’s page."), "good")
    return redirect(url_for("organising.manage", public_id=event.public_id), 303)


def _event_to_edit(public_id: str) -> Event:
    event = event_of_address(db.session, public_id) or abort(404)
    authorise(current_user, Act.EDIT, event)
    return event


def _store() -> MediaStore:
    return MediaStore(current_app.config["SETTINGS"].media_folder)
