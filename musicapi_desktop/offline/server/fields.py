"""One field of a request body: how it is read, and how it is described. One truth for the checks and for OpenAPI."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import cast

from musicapi_desktop.wire.values import Json

Reader = Callable[[object], object]
Body = dict[str, object]


class Rejected(Exception):
    """A request is refused: ``kind`` is the contract's error word, ``said`` the text beside it."""

    def __init__(self, said: str, kind: str = "validation_error", **more: object) -> None:
        super().__init__(said)
        self.kind = kind
        self.said = said
        self.more = more


@dataclass(frozen=True, slots=True)
class Field:
    """One key. ``read`` returns the value and raises ValueError with what the value must be; it never sees null.

    ``empty`` is the value of a key that is not there. ``schema`` is JSON Schema of a value that is there.
    """

    name: str
    read: Reader
    schema: Mapping[str, object]
    empty: object = None
    required: bool = False

    def of(self, body: Json) -> object:
        """Return the field's value in ``body``. Raises Rejected."""
        value = body.get(self.name)
        if value is None:
            if self.required:
                raise Rejected(f"{self.name} is required.")
            return self.empty
        try:
            return self.read(value)
        except ValueError as error:
            raise Rejected(f"{self.name} {error}") from error

    def described(self) -> Body:
        """Return JSON Schema of the field; null is the same as absence."""
        described: Body = dict(self.schema)
        if self.required:
            return described
        kinds = self.schema["type"]
        described["type"] = [*(cast("list[str]", kinds) if isinstance(kinds, list) else [kinds]), "null"]
        if "enum" in self.schema:
            described["enum"] = [*cast("Sequence[object]", self.schema["enum"]), None]
        return described


def needed(field: Field) -> Field:
    """Return ``field`` as one that must be there."""
    return replace(field, required=True)


def text(name: str, most: int, least: int = 0) -> Field:
    """A text of at most ``most`` characters."""

    def read(value: object) -> str:
        if not isinstance(value, str):
            raise ValueError("must be a string.")
        if len(value) > most:
            raise ValueError(f"must be at most {most} characters long; it has {len(value)}.")
        if len(value.strip()) < least:
            raise ValueError("is required." if least == 1 else f"must be at least {least} characters long.")
        if "\0" in value:
            raise ValueError("holds a NUL character.")
        return value

    schema: Body = {"type": "string", "maxLength": most}
    return Field(name, read, schema | ({"minLength": least} if least else {}), "")


def one_of(name: str, choices: Sequence[str], *, required: bool = False) -> Field:
    """One of some words; where it is not required an empty text is none."""
    accepted = tuple(choices) if required else (*choices, "")

    def read(value: object) -> str:
        if value not in accepted:
            quoted = " or ".join(f'"{word}"' for word in choices)
            raise ValueError(f"must be {quoted}." if len(choices) == 2 else f"must be one of: {', '.join(choices)}.")
        return cast("str", value)

    return Field(name, read, {"type": "string", "enum": list(accepted)}, "", required)


def flag(name: str) -> Field:
    """A boolean."""

    def read(value: object) -> bool:
        if not isinstance(value, bool):
            raise ValueError("must be a boolean.")
        return value

    return Field(name, read, {"type": "boolean"})


def number(name: str, least: float = 0.0, most: float = 86_400.0) -> Field:
    """A number between two others, such as a time in seconds."""

    def read(value: object) -> float:
        if isinstance(value, bool) or not isinstance(value, (int, float)):
            raise ValueError("must be a number.")
        if not least <= value <= most:
            raise ValueError(f"must be between {least:g} and {most:g}.")
        return float(value)

    return Field(name, read, {"type": "number", "minimum": least, "maximum": most})


def whole(name: str, least: int, most: int) -> Field:
    """A whole number, however it is written."""

    def read(value: object) -> int:
        if isinstance(value, bool) or not isinstance(value, (int, float)):
            raise ValueError("must be a number.")
        if not least <= value <= most or value != int(value):
            raise ValueError(f"must be an integer from {least} to {most}.")
        return int(value)

    return Field(name, read, {"type": "integer", "minimum": least, "maximum": most})


def texts(name: str, least: int, most: int, choices: Sequence[str] = (), length: int = 200) -> Field:
    """A list of texts, of ``choices`` where there are any."""
    item: Body = {"type": "string", "enum": list(choices)} if choices else {"type": "string", "maxLength": length}

    def read(value: object) -> tuple[str, ...]:
        entries = cast("list[object]", value) if isinstance(value, list) else []
        known = all(isinstance(entry, str) and len(entry) <= length for entry in entries)
        if not isinstance(value, list) or not known or not least <= len(entries) <= most:
            size = str(least) if least == most else f"{least} to {most}"
            raise ValueError(f"must be an array of {size} strings.")
        if choices and any(entry not in choices for entry in entries):
            raise ValueError(f"must be an array of some of: {', '.join(choices)}.")
        return tuple(cast("list[str]", entries))

    return Field(name, read, {"type": "array", "items": item, "minItems": least, "maxItems": most}, ())


def objects(name: str, least: int, most: int) -> Field:
    """A list of things that are looked at one by one later."""

    def read(value: object) -> list[object]:
        entries = cast("list[object]", value) if isinstance(value, list) else []
        if not isinstance(value, list) or not least <= len(entries) <= most:
            raise ValueError(f"must be an array of {least} to {most} objects.")
        return entries

    return Field(name, read, {"type": "array", "items": {}, "minItems": least, "maxItems": most}, [])


class Form:
    """The fields of one body."""

    def __init__(self, *fields: Field, any_of: Sequence[str] = ()) -> None:
        """``any_of`` names fields of which at least one must be there."""
        self.fields = {field.name: field for field in fields}
        self.any_of = tuple(any_of)

    def read(self, body: Json) -> Reading:
        """Return every field's value. Raises Rejected for the first that breaks its rule."""
        values = {name: field.of(body) for name, field in self.fields.items()}
        if self.any_of and not any(values[name] for name in self.any_of):
            raise Rejected(f"{' or '.join(self.any_of)} is required.")
        return Reading(values)

    def schema(self) -> Body:
        """Return JSON Schema of the body."""
        described: Body = {
            "type": "object",
            "properties": {name: field.described() for name, field in self.fields.items()},
        }
        required = [name for name, field in self.fields.items() if field.required]
        if required:
            described["required"] = required
        if self.any_of:
            described["anyOf"] = [{"required": [name]} for name in self.any_of]
        return described


class Reading:
    """The values of one body, by name and by kind. A field the form does not have is as if it were empty."""

    def __init__(self, values: Mapping[str, object]) -> None:
        self._values = values

    def text(self, *names: str) -> str:
        """Return the first of some texts that says anything, without the white space around it."""
        found = (value.strip() for name in names if isinstance(value := self._values.get(name), str))
        return next((value for value in found if value), "")

    def words(self, name: str) -> str:
        """Return a text as it was written."""
        value = self._values.get(name)
        return value if isinstance(value, str) else ""

    def number(self, *names: str) -> float | None:
        """Return the first of some numbers that is there."""
        return next((v for name in names if isinstance(v := self._values.get(name), (int, float))), None)

    def flag(self, name: str) -> bool:
        """Return a boolean."""
        return self._values.get(name) is True

    def has(self, name: str) -> bool:
        """Tell whether a field said anything at all."""
        return self._values.get(name) not in (None, "", (), [])

    def texts(self, name: str) -> tuple[str, ...]:
        """Return a list of texts."""
        value = self._values.get(name)
        return cast("tuple[str, ...]", value) if isinstance(value, tuple) else ()

    def objects(self, name: str) -> list[object]:
        """Return a list of anything."""
        value = self._values.get(name)
        return cast("list[object]", value) if isinstance(value, list) else []
