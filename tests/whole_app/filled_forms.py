"""The forms of a page, filled in as a browser would send them untouched."""

from collections.abc import Iterator
from dataclasses import dataclass
from xml.etree.ElementTree import Element

from tests.checked_pages import Page, text_of

NOT_TYPED = {"hidden", "radio", "checkbox", "submit", "button", "file"}


@dataclass(frozen=True)
class FilledForm:
    """A form that is posted: where to, what it holds, and the names of what people type into."""

    action: str
    values: dict[str, list[str]]
    typed: tuple[str, ...]
    hidden: tuple[str, ...]


def forms_of(page: Page, path: str) -> Iterator[FilledForm]:
    """Yield the forms of a page that are posted, as they stand."""
    for form in page.all("form"):
        if form.get("method", "get").lower() == "post":
            yield filled(form, form.get("action") or path)


def filled(form: Element, action: str) -> FilledForm:
    """Return one form as a browser would send it, by its first button."""
    values: dict[str, list[str]] = {}
    typed, hidden = [], []
    for box in form.iter():
        name, kind = box.get("name"), box.get("type", "text")
        if not name or box.tag not in {"input", "textarea", "select", "button"}:
            continue
        for value in values_of(box, kind, is_first=name not in values):
            values.setdefault(name, []).append(value)
        if box.tag == "textarea" or (box.tag == "input" and kind not in NOT_TYPED):
            typed.append(name)
        if kind == "hidden" and name != "csrf_token":
            hidden.append(name)
    return FilledForm(action, values, tuple(typed), tuple(hidden))


def values_of(box: Element, kind: str, *, is_first: bool) -> list[str]:
    """Return what one box sends: none, one or several values."""
    if box.tag == "select":
        options = list(box.iter("option"))
        chosen = [each for each in options if "selected" in each.attrib] or options[:1]
        return [each.get("value", text_of(each)) for each in chosen]
    if box.tag == "textarea":
        return [box.text or ""]
    if box.tag == "button" or kind == "radio":
        # Of choices and buttons, the first unless another is chosen already.
        return [box.get("value", "")] if is_first or "checked" in box.attrib else []
    if kind == "checkbox":
        return [box.get("value", "on")] if "checked" in box.attrib else []
    return [] if kind == "file" else [box.get("value", "")]
