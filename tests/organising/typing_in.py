"""What a form holds as it stands on a page, the way a browser would send it."""

from typing import Any

from tests.checked_pages import Page


def typed_on(page: Page) -> dict[str, Any]:
    """Return the values of a page’s fields; boxes and radio buttons only where they are ticked."""
    values: dict[str, Any] = {}
    for field in page.tree.iter():
        name, kind = field.get("name"), field.get("type")
        if field.tag not in {"input", "textarea"} or not name or name in {"csrf_token", "q"}:
            continue
        if kind == "checkbox":
            if "checked" in field.attrib:
                values.setdefault(name, []).append(field.get("value"))
        elif kind != "radio" or "checked" in field.attrib:
            if kind == "hidden" and name in values:
                values[name] = [*_listed(values[name]), field.get("value")]
            elif field.tag == "textarea":
                # A browser leaves out the first line end.
                values[name] = "".join(field.itertext()).removeprefix("\n")
            else:
                values[name] = field.get("value", "")
    return values


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]
