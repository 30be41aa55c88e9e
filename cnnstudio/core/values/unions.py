"""One of several models, told apart by their `type`, whose rules are worked out when it is first met.

Pydantic's own discriminated union gives the same values and the same errors, but works out the rules of all
its models at once, and again in every model that has such a field: a fifth of a second at every start.
"""

import json
from collections.abc import Callable
from functools import cache, cached_property, reduce
from operator import or_
from typing import Annotated, Any, TypeAlias, get_args

from pydantic import BaseModel, Field, GetCoreSchemaHandler, GetJsonSchemaHandler, TypeAdapter, ValidationInfo
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import PydanticKnownError, SchemaValidator, core_schema

Models: TypeAlias = Callable[[], tuple[type[BaseModel], ...]]


class ByType:
    """Annotates a union of models, each with a default for `type` that no other has.

    `models` names them where the annotated type is only what they have in common; it is asked when the
    first value is read, as the models need not be there before.
    """

    def __init__(self, models: Models | None = None) -> None:
        self.models = models

    def __get_pydantic_core_schema__(
        self, source: Any, handler: GetCoreSchemaHandler
    ) -> core_schema.CoreSchema:
        del handler
        models = self.models or (lambda: get_args(source))
        return core_schema.with_info_plain_validator_function(_Reader(models))

    def __get_pydantic_json_schema__(
        self, schema: core_schema.CoreSchema, handler: GetJsonSchemaHandler
    ) -> JsonSchemaValue:
        while schema["type"] == "function-after":
            schema = schema["schema"]
        assert schema["type"] == "function-plain"
        reader = schema["function"]["function"]
        assert isinstance(reader, _Reader)
        return handler(reader.union().core_schema)


class _Reader:
    """Reads a value by the model that its `type` names."""

    def __init__(self, models: Models) -> None:
        self._named = models
        self._rules_of = cache(self._rules)

    @cached_property
    def _models(self) -> frozenset[type[BaseModel]]:
        return frozenset(self._named())

    @cached_property
    def _by_type(self) -> dict[str, type[BaseModel]]:
        return {str(model.model_fields["type"].default): model for model in self._named()}

    def __call__(self, value: Any, info: ValidationInfo) -> BaseModel:
        if isinstance(value, BaseModel) and type(value) in self._models:
            return value
        rules = self._rules_of(self._name_in(value))
        # What JSON may say differs from what Python may say: a list there is a tuple here.
        read = rules.validate_json(json.dumps(value)) if info.mode == "json" else rules.validate_python(value)
        assert isinstance(read, BaseModel)
        return read

    def union(self) -> TypeAdapter[BaseModel]:
        """Pydantic's own union of all the models."""
        for model in self._by_type.values():
            model.model_rebuild()
        every: Any = Annotated[reduce(or_, self._by_type.values()), Field(discriminator="type")]
        return TypeAdapter[BaseModel](every)

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
        model = self._by_type[name]
        model.model_rebuild()
        return SchemaValidator(
            core_schema.tagged_union_schema({name: model.__pydantic_core_schema__}, "type")
        )
