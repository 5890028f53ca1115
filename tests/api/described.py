"""The API by its own description: which requests it takes, and which answers it promises."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import httpx2
from jsonschema import Draft202012Validator
from referencing import Registry
from referencing.jsonschema import DRAFT202012

HERE = "urn:description"
SAFE_FIRST = ("get", "post", "put", "patch", "delete")


@dataclass(frozen=True)
class Call:
    """An operation of the description."""

    method: str
    path: str
    operation: Mapping[str, Any]

    @property
    def name(self) -> str:
        return str(self.operation["operationId"])


class Description:
    """An OpenAPI document."""

    def __init__(self, document: dict[str, Any]) -> None:
        self.document = document
        resource = DRAFT202012.create_resource(document)
        self._registry: Registry[Any] = Registry().with_resource(HERE, resource)

    def calls(self) -> Iterator[Call]:
        """Every operation: those that change nothing first, those that delete last."""
        for method in SAFE_FIRST:
            for path, item in sorted(self.document["paths"].items()):
                if method in item:
                    yield Call(method, path, item[method])

    def request(self, call: Call, known: Mapping[str, Any]) -> dict[str, Any]:
        """The least that an operation takes, as arguments of a client's `request`.

        known  values of parameters and of fields by their names; others are made up.
        """
        path, query = call.path, {}
        for parameter in call.operation.get("parameters", ()):
            name, schema = parameter["name"], parameter["schema"]
            if parameter["in"] == "path":
                value = known.get(name, self.example(schema, known))
                path = path.replace(f"{{{name}}}", str(value))
            elif parameter["in"] == "query" and parameter.get("required"):
                query[name] = known.get(name, self.example(schema, known))
        told: dict[str, Any] = {"method": call.method.upper(), "url": path, "params": query}
        for media, content in call.operation.get("requestBody", {}).get("content", {}).items():
            body = self.example(content["schema"], known)
            if media == "application/json":
                told["json"] = body
            else:
                told["files"] = [
                    (name, (None, str(value))) for name, value in (body or known).items()
                ]
        return told

    def example(  # noqa: PLR0911 - one for each type
        self, schema: Mapping[str, Any], known: Mapping[str, Any]
    ) -> Any:
        """A value of a schema: what is required of it, and no more."""
        schema = self._first_choice(schema)
        if "enum" in schema or "const" in schema:
            return schema.get("const") if "const" in schema else schema["enum"][0]
        match schema.get("type"):
            case "object":
                fields = schema.get("properties", {})
                return {
                    name: known[name] if name in known else self.example(fields[name], known)
                    for name in schema.get("required", ())
                }
            case "array":
                least = max(schema.get("minItems", 0), 1)
                return [self.example(schema.get("items", {}), known) for _ in range(least)]
            case "integer" | "number":
                return int(max(schema.get("minimum", 1), 1))
            case "boolean":
                return True
            case "null":
                return None
        return "2026-11-01T12:00:00Z" if schema.get("format") == "date-time" else "alice"

    def problems_of(self, call: Call, answer: httpx2.Response) -> list[str]:
        """What of an answer is not as it is described; a sentence each."""
        described = call.operation["responses"].get(str(answer.status_code))
        if described is None:
            return [f"{answer.status_code} is not described: {answer.text[:300]}"]
        media = answer.headers.get("content-type", "").partition(";")[0]
        content = described.get("content", {})
        if not content or not answer.content:
            return [] if bool(content) == bool(answer.content) else [f"a body, or none: {media}"]
        if media not in content:
            return [f"{media} is not described for {answer.status_code}, {list(content)} is"]
        if not media.endswith("json"):
            return []
        place = [*("paths", call.path, call.method, "responses", str(answer.status_code))]
        place += ["content", media, "schema"]
        pointer = "/".join(one.replace("~", "~0").replace("/", "~1") for one in place)
        validator = Draft202012Validator(
            {"$ref": f"{HERE}#/{pointer.replace('{', '%7B').replace('}', '%7D')}"},
            registry=self._registry,
        )
        return [
            f"{answer.status_code} {error.json_path}: {error.message[:300]}"
            for error in validator.iter_errors(answer.json())
        ]

    def _first_choice(self, schema: Mapping[str, Any]) -> Mapping[str, Any]:
        while True:
            if "$ref" in schema:
                schema = self._referred(schema["$ref"])
            elif choices := schema.get("oneOf") or schema.get("anyOf") or schema.get("allOf"):
                schema = choices[0]
            else:
                return schema

    def _referred(self, reference: str) -> Mapping[str, Any]:
        found: Any = self.document
        for part in reference.removeprefix("#/").split("/"):
            found = found[part]
        return found  # type: ignore[no-any-return]  # JSON
