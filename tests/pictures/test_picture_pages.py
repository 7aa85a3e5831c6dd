"""Hosts give their event a picture; everybody may see it, and it keeps what it says."""

import os
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from io import BytesIO
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.checked_pages import Page, PageClient
from tests.conftest import NOW
from tests.factories.events import make_event
from tests.factories.groups import make_group, make_member
from tests.pictures.made import gif_of, jpeg, jpeg_with_position, png_that_declares
from tests.sentences import said
from webapp.accounts.models import User
from webapp.events.history import EventChange
from webapp.events.models import Event, EventStatus
from webapp.events.pictures import Picture, copy_picture, file_name
from webapp.pictures.tasks import forget_unused_pictures
from webapp.storage import MediaStore

SignIn = Callable[..., User]
TEXT = "Neighbours at a long table."


@pytest.fixture
def event(session: Session, sign_in: SignIn) -> Event:
    user = sign_in()
    event = make_event(session, group=make_group(session, by=user), by=user)
    session.commit()
    return event


@pytest.fixture
def store(app: Flask) -> MediaStore:
    return MediaStore(app.config["SETTINGS"].media_folder)


def send(
    client: PageClient,
    event: Event,
    content: bytes | None = None,
    name: str = "tea.jpg",
    **typed: Any,
) -> Page:
    fields = {"alternative_text": TEXT, **typed}
    fields["picture"] = (BytesIO(content or b""), name if content is not None else "")
    return client.send(
        f"/events/{event.public_id}/picture", fields, content_type="multipart/form-data"
    )


def remove(client: PageClient, event: Event) -> Page:
    path = f"/events/{event.public_id}/picture/remove"
    return client.send(path, {"seen": client.page(path).value("seen")})


def picture(session: Session) -> Picture:
    session.expire_all()
    return session.execute(select(Picture)).scalar_one()


def files_of(store: MediaStore, key: str) -> list[str]:
    return sorted(path.name for path in store.root.rglob(f"{key}-*"))


def test_a_picture_is_on_the_events_page(
    client: PageClient, session: Session, event: Event
) -> None:
    answer = send(client, event, jpeg_with_position(orientation=6))

    assert (answer.status, answer.location) == (303, f"/events/{event.public_id}/manage")
    page = client.page(f"/events/{event.public_id}")
    (shown,) = [each for each in page.all("img") if each.get("alt") == TEXT]
    assert (shown.get("width"), shown.get("height")) == ("900", "1200")
    kept = picture(session)
    assert shown.get("src") == f"/media/{kept.key}-900.webp"
    assert (
        shown.get("srcset") == f"/media/{kept.key}-480.webp 480w, /media/{kept.key}-900.webp 900w"
    )
    assert client.page(f"/cy/events/{event.public_id}").html.count("/cy/media/") == 0


def test_its_files_are_for_everybody_and_for_ever(
    client: PageClient, session: Session, event: Event
) -> None:
    send(client, event, jpeg())
    answer = client.get(f"/media/{picture(session).name}")

    assert answer.status_code == 200
    assert answer.mimetype == "image/webp"
    assert answer.data[8:12] == b"WEBP"
    assert answer.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert "Set-Cookie" not in answer.headers


@pytest.mark.parametrize(
    "name",
    ["x", "..", "%2e%2e%2fsecret_key", "a" * 32 + "-480.webp", "a" * 32 + "-480.png", "A" * 32 + "-480.webp",
     "a" * 32 + "-0.webp", "a" * 32 + "-48000.webp", "..%5c" + "a" * 32, "%00"],
)  # fmt: skip
def test_what_is_no_name_of_ours_is_not_found(
    client: PageClient, session: Session, name: str
) -> None:
    page = client.page(f"/media/{name}")
    assert page.status == 404
    # For a moment, never for as long as a picture.
    assert page.headers["Cache-Control"] in {"no-store", "public, max-age=0, s-maxage=15"}


def test_other_words_need_no_other_file(client: PageClient, session: Session, event: Event) -> None:
    send(client, event, jpeg())
    before = picture(session).key

    assert send(client, event, alternative_text="Bunting over Elm Road.").status == 303
    kept = picture(session)
    assert (kept.key, kept.alternative_text) == (before, "Bunting over Elm Road.")
    assert client.page(f"/events/{event.public_id}/picture").value("alternative_text") == (
        "Bunting over Elm Road."
    )


def test_another_file_takes_the_place_of_the_first(
    client: PageClient, session: Session, event: Event, store: MediaStore
) -> None:
    send(client, event, jpeg())
    before = picture(session).key
    send(client, event, jpeg((600, 600)))

    assert picture(session).width == 600
    assert files_of(store, before) == []
    assert len(files_of(store, picture(session).key)) == 2


def test_removing_asks_first_and_then_deletes(
    client: PageClient, session: Session, event: Event, store: MediaStore
) -> None:
    send(client, event, jpeg())
    key = picture(session).key
    asked = client.page(f"/events/{event.public_id}/picture/remove")
    assert "This cannot be undone" in asked.text
    assert picture(session)

    answer = remove(client, event)

    assert answer.status == 303
    assert session.execute(select(Picture)).first() is None
    assert files_of(store, key) == []
    assert client.page(f"/events/{event.public_id}/picture/remove").status == 404


def test_a_copy_of_an_event_shares_the_files_until_the_last_is_gone(
    client: PageClient, session: Session, event: Event, store: MediaStore
) -> None:
    send(client, event, jpeg())
    key = picture(session).key
    copy = make_event(session, group=event.group, moment=event.moments[0])
    copy_picture(session, event.id, copy.id)
    session.commit()

    remove(client, event)
    assert len(files_of(store, key)) == 3
    remove(client, copy)
    assert files_of(store, key) == []


def test_each_change_is_written_down_and_looked_at_again(
    client: PageClient, session: Session, event: Event
) -> None:
    version = event.version
    send(client, event, jpeg())
    remove(client, event)

    session.expire_all()
    changes = session.scalars(select(EventChange.changes).order_by(EventChange.id)).all()
    assert [each["picture"] for each in changes if "picture" in each] == [
        [None, TEXT],
        [TEXT, None],
    ]
    assert event.version == version + 2


TOO_MANY_PIXELS = (
    "This picture has more than 50 million pixels, or 25 million as WebP. Make it smaller first."
)
NO_PICTURE = "This is no picture that we can show. Choose a JPEG, PNG, WebP or GIF."
BROKEN = "This picture is damaged or cut short. Save it again, or choose another."


@pytest.mark.parametrize(
    ("content", "name", "sentence"),
    [
        (png_that_declares(20_000, 20_000), "small.png", TOO_MANY_PIXELS),
        (b"<svg xmlns='http://www.w3.org/2000/svg'><script/></svg>", "tea.svg", NO_PICTURE),
        (b"<svg xmlns='http://www.w3.org/2000/svg'><script/></svg>", "tea.png", NO_PICTURE),
        (gif_of(5_000), "tea.gif", "This is more of a film. Choose a picture that stands still."),
        (b"Dear neighbours,", "letter.jpg", NO_PICTURE),
        (b"", "empty.jpg", "This file is empty. Choose another one."),
        (jpeg()[:5_000], "half.jpg", BROKEN),
        (jpeg((1600, 1200)).ljust(13_000_000, b"\0"), "large.jpg",
         "This picture has more than 12 MB. Make it smaller, or choose another."),
        (None, "", "Choose a picture."),
    ],
    ids=["400 megapixels", "svg", "svg as png", "5,000 frames", "text as jpg", "empty", "truncated", "13 MB", "none"],
)  # fmt: skip
def test_a_bad_file_gets_a_sentence_and_the_words_are_kept(
    client: PageClient,
    session: Session,
    event: Event,
    content: bytes | None,
    name: str,
    sentence: str,
) -> None:
    page = send(client, event, content, name)

    assert page.status == 422
    assert said(page) == [sentence]
    assert page.all("title")[0].text.startswith("Mistake:")
    assert page.value("alternative_text") == TEXT
    assert session.execute(select(Picture)).first() is None


def test_what_is_far_too_large_is_our_page(client: PageClient, event: Event) -> None:
    page = send(client, event, bytes(33_000_000))
    assert page.status == 413
    assert "picture" in page.text


def test_nobody_sends_much_without_signing_in(client: PageClient, session: Session) -> None:
    answer = client.post(
        "/events/bcdfghjkmn/picture", data={"picture": (BytesIO(bytes(300_000)), "x.jpg")}
    )
    assert answer.status_code == 413


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", "Say in a sentence what the picture shows."),
        ("  \u200b ", "Say in a sentence what the picture shows."),
        ("x" * 301, "Shorten this to 300 characters or fewer."),
    ],
)
def test_a_good_picture_without_good_words_need_not_be_sent_twice(
    client: PageClient, session: Session, event: Event, text: str, sentence: str
) -> None:
    page = send(client, event, jpeg(), alternative_text=text)
    assert (page.status, said(page)) == (422, [sentence])
    assert "You need not choose it again" in page.text

    answer = send(client, event, alternative_text=TEXT, kept=page.value("kept"))

    assert answer.status == 303
    assert picture(session).alternative_text == TEXT
    assert client.get(f"/media/{picture(session).name}").status_code == 200


def test_a_kept_picture_is_for_its_own_event_alone(
    client: PageClient, session: Session, event: Event
) -> None:
    kept = send(client, event, jpeg(), alternative_text="").value("kept")
    other = make_event(session, group=event.group, moment=event.moments[0])
    session.commit()

    for token in (kept, "made-up", f"{'a' * 32}-480-360", kept + "x"):
        assert said(send(client, other, kept=token)) == ["Choose a picture."]


def test_of_two_who_change_it_the_second_sees_what_the_first_did(
    client: PageClient, session: Session, event: Event, store: MediaStore
) -> None:
    path = f"/events/{event.public_id}/picture"
    before = client.page(path).value("seen")
    send(client, event, jpeg((500, 500)), alternative_text="The first.", seen=before)
    first = picture(session).key

    page = send(client, event, jpeg((600, 600)), alternative_text="The second.", seen=before)

    assert page.status == 422
    assert "Somebody else changed the picture meanwhile" in page.text
    assert "The first." in page.text
    assert page.value("alternative_text") == "The second."
    assert picture(session).key == first
    values = {name: page.value(name) for name in ("seen", "kept", "alternative_text")}
    assert send(client, event, **values).status == 303
    assert (picture(session).width, picture(session).alternative_text) == (600, "The second.")


def test_only_the_picture_that_was_seen_is_removed(
    client: PageClient, session: Session, event: Event
) -> None:
    send(client, event, jpeg())
    path = f"/events/{event.public_id}/picture/remove"
    seen = client.page(path).value("seen")
    send(client, event, jpeg((500, 500)))

    page = client.send(path, {"seen": seen})

    assert page.status == 422
    assert "Somebody else changed the picture meanwhile" in page.text
    assert picture(session).width == 500
    assert client.send(path, {"seen": page.value("seen")}).status == 303
    assert session.execute(select(Picture)).first() is None


def test_odd_words_are_shown_as_they_are(
    client: PageClient, session: Session, event: Event
) -> None:
    odd = '"><script>alert(1)</script> שלום 🎉 {{ 7*7 }}'
    send(client, event, jpeg(), alternative_text=odd)
    page = client.page(f"/events/{event.public_id}")
    assert odd in [each.get("alt") for each in page.all("img")]


def test_only_those_who_may_change_the_event_give_it_a_picture(
    client: PageClient, session: Session, event: Event, sign_in: SignIn
) -> None:
    for path in ("picture", "picture/remove"):
        sign_in()
        assert client.page(f"/events/{event.public_id}/{path}").status == 403
    event.status = EventStatus.HIDDEN
    session.commit()
    assert client.page(f"/events/{event.public_id}/picture").status in {403, 404}
    sign_in(make_member(session, event.group))
    assert client.page(f"/events/{event.public_id}/picture").status == 200


def test_files_that_no_event_has_go_after_a_day(
    app: Flask, client: PageClient, session: Session, event: Event, store: MediaStore
) -> None:
    def forget(age: timedelta) -> None:
        for path in store.root.rglob("*.webp"):
            os.utime(path, ((NOW - age).timestamp(),) * 2)
        with app.app_context():
            forget_unused_pictures(0)

    send(client, event, jpeg())
    used = picture(session).key
    before = set(store.keys_before(NOW))
    kept = send(client, event, jpeg((500, 500)), alternative_text="").value("kept")
    (unused,) = set(store.keys_before(NOW)) - before

    forget(timedelta(hours=23))
    assert len(files_of(store, unused)) == 2
    forget(timedelta(hours=25))
    assert files_of(store, unused) == []
    assert len(files_of(store, used)) == 3
    assert said(send(client, event, kept=kept)) == ["Choose a picture."]


def test_what_a_killed_process_left_half_written_goes_too(store: MediaStore) -> None:
    store.save(file_name("ab" * 16, 480), b"whole")
    partial = store.root / "ab" / ".cut-short"
    partial.write_bytes(b"ha")
    os.utime(partial, (0, 0))

    assert list(store.keys_before(datetime(2001, 1, 1, tzinfo=UTC))) == []
    assert not partial.exists()
    store.delete_key("ab" * 16)


@pytest.mark.parametrize("name", ["", "x.webp", "../../secret_key", "a" * 32 + "-480.webp/.."])
def test_the_store_writes_nothing_under_other_names(store: MediaStore, name: str) -> None:
    assert store.open(name) is None
    with pytest.raises(ValueError, match="no name of a media file"):
        store.save(name, b"x")
