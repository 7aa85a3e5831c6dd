"""Boundaries of nations, regions and authorities, from GeoJSON in any of the official namings."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from webapp.places.area_codes import NATION_CODES, current_code, nation_of
from webapp.places.imports.area_shapes import (
    AreaShape,
    UnusableShapeError,
    WrongCoordinatesError,
    usable_shape,
)
from webapp.places.imports.geojson_features import Advance, Feature, OtherKindError, features
from webapp.places.imports.source_files import SourceFileError
from webapp.places.models import AreaKind, Nation

# areacd, AREACD, LAD24CD, RGN23CD, ctyua_code: never a year.
CODE_PROPERTY = re.compile(r"(?P<stem>[a-z_]*\d{0,4}_?)(cd|code)", re.IGNORECASE)
CODE = re.compile(r"[A-Z]\d{8}")
KINDS = (
    (re.compile(r"(E0[6-9]|W06|S12|N09)\d{6}"), AreaKind.AUTHORITY),
    (re.compile(r"E12\d{6}"), AreaKind.REGION),
    (re.compile("|".join(NATION_CODES)), AreaKind.NATION),
)

Refuse = Callable[[int, str, list[str]], object]


@dataclass(frozen=True)
class AreaFeature:
    """An area with its shape; `original_code` is that of the file, `code` the one of today."""

    number: int
    code: str
    original_code: str
    kind: AreaKind
    name: str
    nation: Nation
    shape: AreaShape


def kind_of(code: str) -> AreaKind | None:
    """Return what sort of area a code is of; None for pseudo-codes and for what we do not keep."""
    if current_code(code) is None:
        return None
    return next((kind for pattern, kind in KINDS if pattern.fullmatch(code)), None)


def area_features(path: Path, advance: Advance, refuse: Refuse) -> Iterator[AreaFeature]:
    """Yield the areas of a file; `refuse` hears of each feature that is none, and why.

    Raises SourceFileError where the file cannot be used at all.
    """
    is_any = False
    strangest = ""
    for feature in features(path, advance):
        code, name = _code_and_name(feature)
        if not code and feature.number == 1:
            msg = f"{path.name} has shapes, but not the codes of areas, such as LAD24CD."
            raise OtherKindError(msg)
        if kind_of(code) is None:
            strangest = strangest or code
            refuse(feature.number, _why_strange(code), [code, name])
            continue
        is_any = True
        try:
            yield _area(path, feature, code, name)
        except UnusableShapeError as error:
            refuse(feature.number, str(error), [code, name])
    if not is_any:
        msg = f"{path.name} holds no nation, region or local authority: its codes are like {strangest}."
        raise OtherKindError(msg)


def _area(path: Path, feature: Feature, code: str, name: str) -> AreaFeature:
    kind, nation, current = kind_of(code), nation_of(code), current_code(code)
    if kind is None or nation is None or current is None:
        raise UnusableShapeError(_why_strange(code))
    try:
        shape = usable_shape(feature.geometry)
    except WrongCoordinatesError as error:
        msg = f"{path.name}, feature {feature.number} ({name or code}): it {error}."
        raise SourceFileError(msg) from None
    return AreaFeature(feature.number, current, code, kind, name, nation, shape)


def _why_strange(code: str) -> str:
    if not code:
        return "it has no code"
    if current_code(code) is None:
        return f"{code} stands for no area"
    return f"{code} is no nation, region or local authority"


def _code_and_name(feature: Feature) -> tuple[str, str]:
    """Return a feature’s code and name, empty where it has none."""
    plain = {key.casefold(): _plain(value) for key, value in feature.properties.items()}
    stems = {
        match["stem"]: plain[key]
        for key in plain
        if (match := CODE_PROPERTY.fullmatch(key)) and CODE.fullmatch(plain[key])
    }
    if not stems:
        return "", ""
    # A file of authorities may name their regions too; the first code is what the shape is of.
    stem = next((each for each in stems if kind_of(stems[each])), next(iter(stems)))
    return stems[stem], plain.get(f"{stem}nm") or plain.get(f"{stem}name") or ""


def _plain(value: Any) -> str:
    text = value if isinstance(value, str) else ""
    return " ".join("".join(each if each.isprintable() else " " for each in text).split())
