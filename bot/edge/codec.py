"""Codec: our frozen dataclasses as JSON-able values, and back. Its one rule: decoding is strict;
what does not fit its type exactly is a ValueError that names the place, never a guess.

A field that has a default may be absent, so that what an older version wrote can still be read.
"""

from collections.abc import Callable, Mapping
from dataclasses import MISSING, fields, is_dataclass
from datetime import date, datetime
from enum import Enum
from functools import cache
from types import NoneType, UnionType
from typing import Any, TypeVar, Union, get_args, get_origin, get_type_hints

T = TypeVar("T")
Coder = Callable[[Any], Any]
PLAIN = frozenset({str, bool, int, float, NoneType})


def encode(value: object) -> Any:
    """A value of our dataclasses as dicts, lists, texts, numbers and booleans.

    Raises ValueError for an instant without a zone, TypeError for what cannot be stored.

    >>> encode((date(2026, 11, 22), True))
    ['2026-11-22', True]
    """
    kind: Any = type(value)
    return value if kind in PLAIN else _encoder(kind)(value)


def decode(kind: type[T], value: Any) -> T:
    """The value of a type that `encode` made this of.

    Raises ValueError where it does not fit, TypeError for a type that cannot be stored.
    """
    wanted: Any = kind  # a class is hashable, which its type does not say
    decoded: T = _decoder(wanted)(value)
    return decoded


@cache
def _encoder(kind: Any) -> Coder:
    """The encoder of a value's class, built once."""
    if issubclass(kind, tuple | list):
        return lambda value: [encode(item) for item in value]
    if issubclass(kind, Mapping):
        return lambda value: {key: encode(item) for key, item in value.items()}
    if issubclass(kind, Enum):
        return lambda value: value.value
    if issubclass(kind, datetime):
        return lambda value: _aware(value).isoformat()
    if issubclass(kind, date):
        return lambda value: value.isoformat()
    if is_dataclass(kind):
        names = tuple(row.name for row in fields(kind))
        return lambda value: {name: encode(getattr(value, name)) for name in names}
    raise TypeError(f"{kind.__name__} has no place in a stored value")


@cache
def _decoder(kind: Any) -> Coder:
    """The decoder of a type, built once."""
    origin, args = get_origin(kind), get_args(kind)
    if kind in PLAIN:
        return _exactly(kind)
    if origin in (Union, UnionType):
        return _one_of(args)
    if origin is tuple and len(args) == 2 and args[1] is Ellipsis:  # noqa: PLR2004 - tuple[X, ...]
        return _tuple_of(_decoder(args[0]))
    if origin is not None and issubclass(origin, Mapping) and args[0] is str:
        return _mapping_of(_decoder(args[1]))
    if not isinstance(kind, type):
        raise TypeError(f"{kind} cannot be stored")
    if issubclass(kind, Enum):
        return _text_as(kind)
    if kind is datetime:
        return _text_as(lambda text: _aware(datetime.fromisoformat(text)))
    if kind is date:
        return _text_as(date.fromisoformat)
    if is_dataclass(kind):
        return _record_of(kind)
    raise TypeError(f"{kind.__name__} cannot be stored")


def _exactly(kind: type) -> Coder:
    def decoder(value: Any) -> Any:
        if type(value) is not kind:
            raise ValueError(f"{type(value).__name__} where {kind.__name__} belongs")
        return value

    return decoder


def _text_as(convert: Coder) -> Coder:
    check = _exactly(str)
    return lambda value: convert(check(value))


def _tuple_of(item: Coder) -> Coder:
    check = _exactly(list)
    return lambda value: tuple([item(each) for each in check(value)])


def _mapping_of(item: Coder) -> Coder:
    check = _exactly(dict)
    return lambda value: {key: item(each) for key, each in check(value).items()}


def _one_of(members: tuple[Any, ...]) -> Coder:
    """A union is told apart by the JSON type alone; one that cannot be is refused."""
    by_wire: dict[type, Coder] = {}
    for member in members:
        wire = _wire(member)
        if wire in by_wire:
            raise TypeError(f"{members} cannot be told apart once stored")
        by_wire[wire] = _decoder(member)

    def decoder(value: Any) -> Any:
        member = by_wire.get(type(value))
        if member is None:
            raise ValueError(f"{type(value).__name__} does not belong here")
        return member(value)

    return decoder


def _wire(kind: Any) -> type:
    """What a type looks like in JSON."""
    origin = get_origin(kind)
    if kind in PLAIN:
        return kind  # type: ignore[no-any-return]  # PLAIN holds types only
    if origin is tuple:
        return list
    return dict if origin is not None or is_dataclass(kind) else str


def _record_of(kind: type) -> Coder:
    hints = get_type_hints(kind)
    rows = fields(kind)
    decoders = {row.name: _decoder(hints[row.name]) for row in rows}
    required = frozenset(row.name for row in rows if row.default is MISSING and row.default_factory is MISSING)
    check = _exactly(dict)

    def decoder(value: Any) -> Any:
        given = check(value).keys()
        if unknown := given - decoders.keys():
            raise ValueError(f"unknown {', '.join(sorted(unknown))}")
        if missing := required - given:
            raise ValueError(f"{', '.join(sorted(missing))} missing")
        name, found = "", {}
        try:
            for name, each in value.items():
                found[name] = decoders[name](each)
        except ValueError as error:
            raise ValueError(f"{kind.__name__}.{name}: {error}") from error
        return kind(**found)

    return decoder


def _aware(value: datetime) -> datetime:
    if value.tzinfo is None:
        raise ValueError(f"{value} has no time zone")
    return value
