"""Two editors of one event: what the other has saved meanwhile, and which of both is to stay."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l
from werkzeug.datastructures import MultiDict
from wtforms import RadioField
from wtforms.fields import SelectChoice

from webapp.forms import Form, Required
from webapp.organising.field_names import FIELD_NAMES, written
from webapp.organising.saying import UNITS, WHERE, Said, fields_of, typed

THEIRS, MINE = "theirs", "mine"
CHOICE = "choose-"
UNIT_NAMES: dict[str, LazyString] = {**FIELD_NAMES, "when": _l("When"), "where": _l("Where")}


@dataclass(frozen=True)
class Difference:
    """One thing that the other changed and that is not the same in both; texts are in words."""

    unit: str
    name: str
    theirs: str
    mine: str
    is_touched: bool  # whether both changed it

    @property
    def field(self) -> str:
        """The name of the field that chooses."""
        return CHOICE + self.unit


def differences(seen: Said | None, mine: Said, theirs: Said) -> list[Difference]:
    """Return what somebody else changed since a form was sent out, where the form says otherwise.

    Without knowing what was sent out, all that differs counts as changed by both.
    """
    found = []
    for unit, names in UNITS.items():
        is_same = _part(mine, names) == _part(theirs, names)
        is_ours_alone = seen is not None and _part(seen, names) == _part(theirs, names)
        if not is_same and not is_ours_alone:
            is_touched = seen is None or _part(seen, names) != _part(mine, names)
            found.append(_difference(unit, mine, theirs, is_touched=is_touched))
    return found


def differences_left(units: Iterable[str], mine: Said, theirs: Said) -> list[Difference]:
    """Return differences that were shown before, to be shown once more."""
    return [_difference(unit, mine, theirs, is_touched=True) for unit in units if unit in UNITS]


def choosing_form(found: Sequence[Difference], chosen: Mapping[str, str]) -> Form:
    """Return a form with one choice for each difference; what only the other changed is theirs."""
    fields = {
        each.field: RadioField(
            each.name,
            [Required(_l("Choose whose is to stay."))],
            choices=[SelectChoice(THEIRS, _l("Theirs")), SelectChoice(MINE, _l("Yours"))],
            default=None if each.is_touched else THEIRS,
        )
        for each in found
    }
    form: Form = type("ChoosingForm", (Form,), fields)(formdata=MultiDict(chosen) or None)
    return form


def with_choices(sent: MultiDict[str, str], seen: Said) -> MultiDict[str, str]:
    """Return what was sent, with the other’s part in place of one’s own where that was chosen."""
    result = MultiDict(sent)
    texts = typed(seen)
    for unit in UNITS:
        if sent.get(CHOICE + unit) == THEIRS:
            for name in fields_of(unit):
                value = texts[name]
                values = value if isinstance(value, list) else [value]
                result.setlist(name, [str(each) for each in values if each is not False])
    return result


def _part(said: Said, names: Iterable[str]) -> list[str | None]:
    return [said[name] for name in names]


def _difference(unit: str, mine: Said, theirs: Said, *, is_touched: bool) -> Difference:
    name = str(UNIT_NAMES[unit])
    return Difference(unit, name, _words(unit, theirs), _words(unit, mine), is_touched)


def _words(unit: str, said: Said) -> str:
    names = [name for name in UNITS[unit] if said[name] or name == "cost"]
    words = [(said[name] if name in WHERE else written(name, said[name])) or "" for name in names]
    return (" – " if unit == "when" else "\n").join(words)
