"""The Welsh catalog is whole, and the check finds what is not."""

import pytest
from babel.messages import Catalog
from flask import Flask
from flask_babel import force_locale, ngettext

from webapp.catalogs import catalog_path, collect_texts, problems_of, read_catalog


def texts() -> Catalog:
    catalog = Catalog(locale="en_GB")
    catalog.add("Hello %(name)s")
    catalog.add(("event", "events"))
    return catalog


def welsh(hello: str = "Helo %(name)s", *, fuzzy: bool = False) -> Catalog:
    catalog = Catalog(locale="cy", fuzzy=False)
    catalog.add("Hello %(name)s", hello, flags={"fuzzy"} if fuzzy else ())
    catalog.add(("event", "events"), ("digwyddiad",) * 5)
    return catalog


def test_every_text_has_its_welsh() -> None:
    assert list(problems_of(read_catalog(catalog_path()), collect_texts())) == []


def test_texts_of_pages_code_and_mails_are_collected() -> None:
    collected = collect_texts()

    for text in ("Find what’s on near you", "Write the day.", "Your code to sign in"):
        assert text in collected


def test_a_whole_catalog_has_no_problems() -> None:
    assert list(problems_of(welsh(), texts())) == []


@pytest.mark.parametrize(
    ("catalog", "problem"),
    [
        (welsh(""), "No Welsh for: Hello"),
        (welsh(fuzzy=True), "The English has changed"),
        (welsh("Helo %(enw)s"), "other placeholders"),
        (welsh("Helo"), "other placeholders"),
    ],
)
def test_what_is_missing_or_broken_is_told(catalog: Catalog, problem: str) -> None:
    [found] = problems_of(catalog, texts())

    assert problem in found


def test_a_text_that_nothing_says_any_more_is_told() -> None:
    catalog = welsh()
    catalog.add("Goodbye", "Hwyl fawr")

    assert list(problems_of(catalog, texts())) == ["Nothing says this any more: Goodbye"]


@pytest.mark.parametrize(
    ("number", "words"),
    [
        (0, "o bobl yn dod"),
        (1, "person yn dod"),
        (2, "berson yn dod"),
        (3, "pherson yn dod"),
        (6, "pherson yn dod"),
        (4, "o bobl yn dod"),
        (118, "o bobl yn dod"),
    ],
)
def test_welsh_numbers_mutate_what_they_count(app: Flask, number: int, words: str) -> None:
    with app.test_request_context("/cy/"), force_locale("cy"):
        assert ngettext("person is in", "people are in", number) == words
