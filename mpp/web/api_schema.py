"""What the API's document says of bodies: what the reader of bodies, msgspec, itself would say."""

from typing import Any

import msgspec
from litestar.openapi.spec import Schema
from litestar.plugins import OpenAPISchemaPlugin
from litestar.typing import FieldDefinition

MORE = "also_needed"
"""A class variable of a body: more of JSON Schema, for what no field says alone."""


class Bodies(OpenAPISchemaPlugin):
    """Describes the structs that refuse unknown fields. The framework's own description leaves that out,
    and what items of lists must be.
    """

    @staticmethod
    def is_plugin_supported_type(value: Any) -> bool:
        is_struct = isinstance(value, type) and issubclass(value, msgspec.Struct)
        return is_struct and value.__struct_config__.forbid_unknown_fields

    def to_openapi_schema(self, field_definition: FieldDefinition, schema_creator: Any) -> Schema:
        body = field_definition.annotation
        said = msgspec.json.schema(body)
        return _schema({**_inlined(said, said["$defs"]), **getattr(body, MORE, {})})


def _inlined(said: Any, known: dict[str, Any]) -> Any:
    """The same with every reference replaced by what it refers to."""
    if isinstance(said, list):
        return [_inlined(each, known) for each in said]
    if not isinstance(said, dict):
        return said
    if "$ref" in said:
        return _inlined(known[said["$ref"].rpartition("/")[2]], known)
    return {name: _inlined(value, known) for name, value in said.items() if name != "$defs"}


_NESTED_LISTS = {"anyOf", "oneOf", "allOf"}
_NAMES = {"const": "const", "enum": "enum", "not": "schema_not"}


def _schema(said: dict[str, Any]) -> Schema:
    """JSON Schema as the framework holds it."""
    given: dict[str, Any] = {}
    for name, value in said.items():
        snake = "".join(f"_{c.lower()}" if c.isupper() else c for c in name)
        if name in _NESTED_LISTS:
            given[name.replace("Of", "_of")] = [_schema(each) for each in value]
        elif name == "properties":
            given[name] = {key: _schema(each) for key, each in value.items()}
        elif name == "items":
            given[name] = _schema(value)
        else:
            given[_NAMES.get(name, snake)] = value
    return Schema(**given)
