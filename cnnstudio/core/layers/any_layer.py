"""A layer of whichever type its `type` says; the rules of a type are worked out when it is first met.

Pydantic's own discriminated union gives the same layers and the same errors, but works out the rules of
all types when the program starts: a fifth of a second that every start would take.
"""

import json
from collections.abc import Mapping
from functools import cache, reduce
from operator import or_
from typing import Annotated, Any

from pydantic import Field, GetCoreSchemaHandler, GetJsonSchemaHandler, TypeAdapter, ValidationInfo
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import PydanticKnownError, SchemaValidator, core_schema

from cnnstudio.core.layers.base import Layer


class ByType:
    """Annotates `Layer` to be read by the class that `by_type` names for its `type`."""

    def __init__(self, by_type: Mapping[str, type[Layer]]) -> None:
        self._by_type = by_type
        self._rules_of = cache(self._rules)

    def __get_pydantic_core_schema__(
        self, source: Any, handler: GetCoreSchemaHandler
    ) -> core_schema.CoreSchema:
        del source, handler
        return core_schema.with_info_plain_validator_function(self._read)

    def __get_pydantic_json_schema__(
        self, schema: core_schema.CoreSchema, handler: GetJsonSchemaHandler
    ) -> JsonSchemaValue:
        del schema
        for kind in self._by_type.values():
            kind.model_rebuild()
        every: Any = Annotated[reduce(or_, self._by_type.values()), Field(discriminator="type")]
        return handler(TypeAdapter[Layer](every).core_schema)

    def _read(self, value: Any, info: ValidationInfo) -> Layer:
        if isinstance(value, Layer) and type(value) is self._by_type.get(value.type):
            return value
        rules = self._rules_of(self._name_in(value))
        # What JSON may say differs from what Python may say: a list there is a tuple here.
        read = rules.validate_json(json.dumps(value)) if info.mode == "json" else rules.validate_python(value)
        assert isinstance(read, Layer)
        return read

    def _name_in(self, value: Any) -> str:
        """The type that is named; any of them where none is, for all refuse that in the same words."""
        any_type = next(iter(self._by_type))
        name = value.get("type", any_type) if isinstance(value, dict) else getattr(value, "type", any_type)
        if isinstance(name, str) and name in self._by_type:
            return name
        known = ", ".join(f"'{one}'" for one in self._by_type)
        raise PydanticKnownError(
            "union_tag_invalid", {"discriminator": "'type'", "tag": str(name), "expected_tags": known}
        )

    def _rules(self, name: str) -> SchemaValidator:
        """A union of one, so that errors name the type as they do in a union of all."""
        kind = self._by_type[name]
        kind.model_rebuild()
        return SchemaValidator(core_schema.tagged_union_schema({name: kind.__pydantic_core_schema__}, "type"))
