"""Addresses, postcodes and phone numbers in public texts, and what only looks like them."""

import pytest

from webapp.events.leaks import LeakKind, leaks_in


@pytest.mark.parametrize(
    ("text", "marked"),
    [
        ("Come to 12 Elm Road", "12 Elm Road"),
        ("tea at 12 elm road", "12 elm road"),
        ("Tea at 12a, Elm Rd, at two", "12a, Elm Rd"),
        ("at 12-14 St John’s Street", "12-14 St John’s Street"),
        ("221B Baker Street", "221B Baker Street"),
        ("4 The Close", "4 The Close"),
        ("pop in at 33 mill lane\nbring cake", "33 mill lane"),
        ("Elm Road, number 12", "Elm Road, number 12"),
        ("Flat 3, Elm House", "Flat 3"),
        ("Dewch i 7 Heol y Llwyf", "7 Heol y Llwyf"),
        ("Dewch i 7 Stryd Fawr", "7 Stryd Fawr"),
        ("near M1 1AE", "M1 1AE"),
        ("our postcode is ol16 1ab.", "ol16 1ab"),
        ("OL161AB", "OL161AB"),
        ("ring 07700 900123", "07700 900123"),
        ("Call (0161) 496 0000", "(0161) 496 0000"),
        ("+44 7700 900 123", "+44 7700 900 123"),
        ("01632-960001", "01632-960001"),
        ("020 7946 0000", "020 7946 0000"),
        ("text 07700900123!", "07700900123"),
    ],
)
def test_what_tells_where_somebody_lives_is_found(text: str, marked: str) -> None:
    [leak] = leaks_in(text)

    assert leak.text == marked
    assert text[leak.start : leak.end].strip() == marked


@pytest.mark.parametrize(
    "text",
    [
        "Tea on Elm Road",
        "3 miles down the road",
        "2 big street parties",
        "2 Big Street Parties",
        "50 neighbours on Elm Road",
        "All 12 houses of Elm Close",
        "Neighbours’ Day 2027 Elm Road",
        "at 14:00 Elm Road",
        "2pm Elm Road",
        "from 2.30 Elm Road",
        "Saturday 5 June Elm Road",
        "5 June, Elm Road",
        "from 2 to 5 on Elm Road",
        "the 192 bus to London Road",
        "take bus 43 Princess Road",
        "£5 Church Street",
        "100 metres from Mill Lane",
        "24 hours in one street.",
        "Bring 2 chairs. Street closed.",
        "10 ways to meet. No way!",
        "05.06.2027 14:00",
        "05-06-2027 to 06-06-2027",
        "charity 1234567",
        "E1 2nd floor",
        "N1 3pm",
        "a flat 5k run",
        "the OL16 area",
        "Games for 0-5s and 6-10s",
        "0800 1111",
        "1st Deeplish Scouts",
        "tickets 0-10 years",
        "£01234567890",
        "",
        "🎉" * 500,
        "x" * 5000,
        "1 " * 2500,
        "A " * 2000,
    ],
)
def test_what_only_looks_so_is_left_alone(text: str) -> None:
    assert leaks_in(text) == []


def test_several_are_told_in_the_order_of_the_text() -> None:
    found = leaks_in("Ring Pat on 0161 496 0000. She lives at 12 Elm Road, OL16 1AB.")

    assert [leak.kind for leak in found] == [LeakKind.PHONE, LeakKind.HOUSE, LeakKind.POSTCODE]
