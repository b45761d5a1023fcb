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
Decoder = Callable[[Any, str], Any]
PLAIN = frozenset({str, bool, int, float, NoneType})


def encode(value: object) -> Any:
    """A value of our dataclasses as dicts, lists, texts, numbers and booleans.

    Instants must be aware. Raises TypeError for a type that no dataclass of ours holds.

    >>> encode((date(2026, 11, 22), True))
    ['2026-11-22', True]
    """
    kind: Any = type(value)
    if kind in PLAIN:
        return value
    if isinstance(value, tuple | list):
        return [encode(item) for item in value]
    if isinstance(value, Mapping):
        return {key: encode(item) for key, item in value.items()}
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, datetime):
        return _aware(value, "an instant").isoformat()
    if isinstance(value, date):
        return value.isoformat()
    if is_dataclass(value):
        return {name: encode(getattr(value, name)) for name in _names(kind)}
    raise TypeError(f"{kind.__name__} has no place in a stored value")


def decode(kind: type[T], value: Any) -> T:
    """The value of a type that `encode` made this of.

    Raises ValueError where it does not fit, TypeError for a type that cannot be stored.
    """
    wanted: Any = kind  # a class is hashable, which its type does not say
    decoded: T = _decoder(wanted)(value, kind.__name__)
    return decoded


@cache
def _names(kind: type) -> tuple[str, ...]:
    return tuple(row.name for row in fields(kind))


@cache
def _decoder(kind: Any) -> Decoder:
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
    if isinstance(kind, type) and issubclass(kind, Enum):
        return _converted(str, kind)
    if kind is datetime:
        return _converted(str, _instant)
    if kind is date:
        return _converted(str, date.fromisoformat)
    if isinstance(kind, type) and is_dataclass(kind):
        return _record_of(kind)
    raise TypeError(f"{kind} cannot be stored")


def _exactly(kind: type) -> Decoder:
    def decoder(value: Any, place: str) -> Any:
        if type(value) is not kind:
            raise ValueError(f"{place}: {type(value).__name__} where {kind.__name__} belongs")
        return value

    return decoder


def _converted(wire: type, convert: Callable[[Any], Any]) -> Decoder:
    check = _exactly(wire)

    def decoder(value: Any, place: str) -> Any:
        try:
            return convert(check(value, place))
        except ValueError as error:
            raise ValueError(f"{place}: {error}") from error

    return decoder


def _tuple_of(item: Decoder) -> Decoder:
    check = _exactly(list)

    def decoder(value: Any, place: str) -> Any:
        return tuple([item(each, place) for each in check(value, place)])

    return decoder


def _mapping_of(item: Decoder) -> Decoder:
    check = _exactly(dict)

    def decoder(value: Any, place: str) -> Any:
        return {key: item(each, f"{place}.{key}") for key, each in check(value, place).items()}

    return decoder


def _one_of(members: tuple[Any, ...]) -> Decoder:
    """A union is told apart by the JSON type alone; one that cannot be is refused."""
    by_wire: dict[type, Decoder] = {}
    for member in members:
        wire = _wire(member)
        if wire in by_wire:
            raise TypeError(f"{members} cannot be told apart once stored")
        by_wire[wire] = _decoder(member)

    def decoder(value: Any, place: str) -> Any:
        member = by_wire.get(type(value))
        if member is None:
            raise ValueError(f"{place}: {type(value).__name__} does not belong here")
        return member(value, place)

    return decoder


def _wire(kind: Any) -> type:
    """What a type looks like in JSON."""
    origin = get_origin(kind)
    if kind in PLAIN:
        return kind  # type: ignore[no-any-return]  # PLAIN holds types only
    if origin is tuple:
        return list
    if origin is not None or is_dataclass(kind):
        return dict
    return str


def _record_of(kind: type) -> Decoder:
    hints = get_type_hints(kind)
    rows = fields(kind)
    decoders = {row.name: _decoder(hints[row.name]) for row in rows}
    required = frozenset(row.name for row in rows if row.default is MISSING and row.default_factory is MISSING)
    check = _exactly(dict)

    def decoder(value: Any, place: str) -> Any:
        given = check(value, place).keys()
        if unknown := given - decoders.keys():
            raise ValueError(f"{place}: unknown {', '.join(sorted(unknown))}")
        if missing := required - given:
            raise ValueError(f"{place}: {', '.join(sorted(missing))} missing")
        return kind(**{name: decoders[name](each, f"{place}.{name}") for name, each in value.items()})

    return decoder


def _instant(text: str) -> datetime:
    return _aware(datetime.fromisoformat(text), text)


def _aware(value: datetime, name: str) -> datetime:
    if value.tzinfo is None:
        raise ValueError(f"{name} has no time zone")
    return value
