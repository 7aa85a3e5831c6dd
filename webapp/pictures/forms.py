"""The form for an event’s picture."""

import hashlib
from typing import Any

from flask_babel import LazyString
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf.file import FileField
from wtforms import HiddenField, TextAreaField
from wtforms.validators import ValidationError

from webapp.events.pictures import Picture
from webapp.forms import FileForm, Form, PlainText, Required
from webapp.pictures.checks import MOST_BYTES, Fault, PictureError
from webapp.pictures.conversion import Converted, convert

LONGEST_TEXT = 300

SENTENCES: dict[Fault, LazyString] = {
    Fault.EMPTY: _l("This file is empty. Choose another one."),
    Fault.TOO_LARGE: _l("This picture has more than 12 MB. Make it smaller, or choose another."),
    Fault.NOT_A_PICTURE: _l(
        "This is no picture that we can show. Choose a JPEG, PNG, WebP or GIF."
    ),
    Fault.HEIC: _l(
        "This picture is in Apple’s own format, which browsers cannot show. Save it as JPEG first."
    ),
    Fault.TOO_MANY_PIXELS: _l(
        "This picture has more than 50 million pixels, or 25 million as WebP. Make it smaller first."
    ),
    Fault.TOO_MANY_FRAMES: _l("This is more of a film. Choose a picture that stands still."),
    Fault.TOO_LONG: _l(
        "This picture is more than five times as long as it is wide. Cut it to shape first."
    ),
    Fault.BROKEN: _l("This picture is damaged or cut short. Save it again, or choose another."),
    Fault.BUSY: _l("Many pictures are coming in just now. Choose yours again and send it."),
}


def look_of(picture: Picture | None) -> str:
    """Return what stands for a picture and its words as somebody has seen them."""
    if picture is None:
        return ""
    seen = f"{picture.key} {picture.alternative_text}".encode()
    return hashlib.blake2b(seen, digest_size=12).hexdigest()


class RemovalForm(Form):
    """A button, and which picture was seen above it."""

    seen = HiddenField()


class PictureForm(FileForm):
    """A picture and what it shows; once there is one, a new file may be left out.

    `converted` holds the files of a picture that was sent and is good; `look` is of the picture as
    it is now, while `seen` is of the one that the form was sent out with.
    """

    picture = FileField(
        _l("Picture"),
        description=_l(
            "JPEG, PNG, WebP or GIF, at most 12 MB. Of a moving one we take the first picture."
        ),
        render_kw={"accept": "image/jpeg,image/png,image/webp,image/gif"},
    )
    alternative_text = TextAreaField(
        _l("What does it show?"),
        description=_l(
            "In a sentence, for people who cannot see it: their device reads it out. "
            "For example: Neighbours of all ages at a long table in the road, under bunting."
        ),
        validators=[
            Required(_l("Say in a sentence what the picture shows.")),
            PlainText(max=LONGEST_TEXT),
        ],
        render_kw={"rows": 3, "maxlength": LONGEST_TEXT},
    )
    # A picture that was good while the text beside it was not, so that nobody sends it twice.
    kept = HiddenField()
    seen = HiddenField()

    def __init__(self, *, has_picture: bool, look: str, **kw: Any) -> None:
        super().__init__(**kw)
        self.has_picture, self.look = has_picture, look
        self.converted: Converted | None = None

    def validate(self, extra_validators: Any = None) -> bool:
        """Check all fields, and that nobody else has changed the picture meanwhile."""
        is_valid = super().validate(extra_validators)
        if self.seen.data is None or self.seen.data == self.look:
            return is_valid
        self.form_errors = [
            _(
                "Somebody else changed the picture meanwhile. Save again if yours is to take its place."
            )
        ]
        return False

    def validate_picture(self, field: FileField) -> None:
        """Look at the file, and make it ours."""
        if not field.data:
            if not self.has_picture:
                raise ValidationError(_l("Choose a picture."))
            return
        try:
            # No more is read than shows that it is too much.
            self.converted = convert(field.data.stream.read(MOST_BYTES + 1))
        except PictureError as error:
            raise ValidationError(SENTENCES[error.fault]) from None
