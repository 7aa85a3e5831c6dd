"""What all forms share."""

from collections.abc import Iterator
from typing import Any

import pytest
from flask import Flask
from wtforms import (
    DateField,
    EmailField,
    IntegerField,
    RadioField,
    SelectChoice,
    StringField,
    TextAreaField,
)

from webapp.forms import (
    Blank,
    EmailAddress,
    PlainText,
    PublicForm,
    Required,
    has_visible_text,
    tidy_line,
    tidy_paragraphs,
)


class EveryKind(PublicForm):
    line = StringField("Line", [Blank(), PlainText(10, min=3)], description="a hint")
    text = TextAreaField("Text", [Blank(), PlainText(20)])
    day = DateField("Day", [Blank()])
    number = IntegerField("Number", [Blank()])
    email = EmailField("E-mail", [Blank(), EmailAddress()])
    choice = RadioField("Choice", choices=[SelectChoice("a", "A"), SelectChoice("b", "B")])


class Needed(PublicForm):
    line = StringField("Line", [Required("Say something.")])
    day = DateField("Day", [Required("Choose a day.")])
    choice = RadioField("Choice", [Required("Choose.")], choices=[SelectChoice("a", "A")])


@pytest.fixture
def posted(app: Flask) -> Iterator[Any]:
    """Fill in a form and check it."""
    contexts = []

    def fill(kind: type[PublicForm], **data: str) -> PublicForm:
        context = app.test_request_context(method="POST", data=data)
        context.push()
        contexts.append(context)
        form = kind()
        form.validate()
        return form

    yield fill
    for context in reversed(contexts):
        context.pop()


def sentences(form: PublicForm) -> dict[str, list[str]]:
    return {name: [str(each) for each in said] for name, said in form.errors.items()}


@pytest.mark.parametrize(
    ("field", "typed", "sentence"),
    [
        ("line", "ab", "Write at least 3 characters here."),
        ("line", "x" * 11, "Shorten this to 10 characters or fewer."),
        ("line", "x" * 5000, "Shorten this to 10 characters or fewer."),
        ("day", "2027-06-31", "Enter a real date, such as 5 June 2027."),
        ("day", "05/07/27", "Enter a real date, such as 5 June 2027."),
        ("number", "four", "Enter a whole number, such as 4."),
        ("number", "4.5", "Enter a whole number, such as 4."),
        ("email", "a@b", "Enter an e-mail address, such as name@example.org."),
        ("choice", "c", "Choose one of the options."),
    ],
)
def test_a_mistake_gets_one_sentence(posted: Any, field: str, typed: str, sentence: str) -> None:
    form = posted(EveryKind, **({"choice": "a"} | {field: typed}))
    assert sentences(form) == {field: [sentence]}


@pytest.mark.parametrize("field", ["text", "email"])
@pytest.mark.parametrize("character", ["\x00", "\x07", "\x1b", "\u202e", "\u2066"])
def test_characters_that_nobody_sees_are_taken_out_and_told_of(
    posted: Any, field: str, character: str
) -> None:
    form = posted(EveryKind, choice="a", **{field: f"a{character}b@example.org"})
    assert list(sentences(form)) == [field]
    assert "invisible" in sentences(form)[field][0]
    assert character not in form[field].data
    assert character not in str(form[field]())


@pytest.mark.parametrize("character", ["\x85", "\u2028", "\n", "\t"])
def test_line_ends_of_all_kinds_are_spaces_in_a_line(posted: Any, character: str) -> None:
    form = posted(EveryKind, choice="a", line=f"a{character}bc")
    assert form.line.data == "a bc"


@pytest.mark.parametrize("typed", ["🏴󠁧󠁢󠁷󠁬󠁳󠁿 fest", "👩‍👩‍👧 tea", "ty\u0302", "שלום", "می‌خواهم"])
def test_words_and_emoji_of_all_scripts_are_fine(posted: Any, typed: str) -> None:
    assert sentences(posted(EveryKind, choice="a", text=typed)) == {}


def test_empty_optional_fields_are_fine(posted: Any) -> None:
    assert sentences(posted(EveryKind, choice="a", day=" ", number="", email="")) == {}


@pytest.mark.parametrize("data", [{}, {"line": " ", "day": "", "choice": ""}, {"line": "\u200b"}])
def test_an_empty_field_gets_its_own_sentence_alone(posted: Any, data: dict[str, str]) -> None:
    assert sentences(posted(Needed, **data)) == {
        "line": ["Say something."],
        "day": ["Choose a day."],
        "choice": ["Choose."],
    }


def test_a_wrong_field_names_its_hint_and_its_sentence(posted: Any) -> None:
    form = posted(EveryKind, choice="a", line="ab")
    assert 'aria-describedby="line-hint line-error"' in form.line()
    assert 'aria-invalid="true"' in form.line()
    form = posted(EveryKind, choice="a", line="abc")
    assert 'aria-describedby="line-hint"' in form.line()
    assert "aria-invalid" not in form.line()


def test_text_is_tidied() -> None:
    assert tidy_line("  two \t words\n ") == "two words"
    assert tidy_line("W\u0302") == "Ŵ"
    assert tidy_paragraphs(" a \r\nb\r\n\r\n\r\n\r\nc\n") == "a\nb\n\nc"
    assert tidy_line(None) is tidy_paragraphs(None) is None


@pytest.mark.parametrize(
    ("text", "visible"), [("a", True), ("7", True), ("🎉", True), ("\u200b", False), (" ", False)]
)
def test_visible_text_is_something_to_see(text: str, visible: bool) -> None:
    assert has_visible_text(text) is visible
