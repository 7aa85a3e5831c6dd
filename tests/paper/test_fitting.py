"""A text gets the largest size at which it stays in its box."""

import pytest

from webapp.paper.fitting import SIZES, height_of, is_from_right, lines_of, size_for


@pytest.mark.parametrize(
    ("text", "size"),
    [
        ("Tea", 46),
        ("Tea on Elm Road", 35),
        ("Tea, cake and a tug of war on Elm Road", 26),
        ("Tea, cake, a tug of war and a very long table for all who live around Elm Road " * 2, 14),
    ],
)
def test_long_texts_are_smaller(text: str, size: int) -> None:
    assert size_for(text, width=178, height=120) == size


@pytest.mark.parametrize(
    "text", ["x" * 100, "word " * 40, "🎉" * 40, "W" * 30, "שכנים " * 12, "邻" * 60]
)
def test_what_is_set_stays_in_its_box(text: str) -> None:
    size = size_for(text, width=178, height=120)
    assert height_of(text, size, 178) <= 120


def test_what_can_fit_at_no_size_is_as_small_as_can_be() -> None:
    assert size_for("x" * 5_000, width=178, height=120) == SIZES[-1]


def test_a_word_is_broken_only_where_it_would_be_tiny() -> None:
    assert size_for("Gorffennaf", width=100, height=100) == 20
    assert lines_of("Gorffennaf", 20, 100) == 1
    assert lines_of("x" * 100, 20, 178) > 5


def test_emoji_need_no_spaces_to_go_on_a_new_line() -> None:
    assert lines_of("🎉🎂🎈🎁", 40, 120) == 2


def test_nothing_takes_no_room() -> None:
    assert height_of("", 20, 100) == 0


@pytest.mark.parametrize(
    ("text", "from_right"),
    [("Tea", False), ("שכנים", True), ("🎉 مهرجان 2027", True), ("2027: Tea שכנים", False), ("🎉", False)],
)  # fmt: skip
def test_the_first_letter_says_which_way_a_text_goes(text: str, from_right: bool) -> None:
    assert is_from_right(text) is from_right
