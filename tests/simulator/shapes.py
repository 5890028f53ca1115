"""Compare JSON with recorded JSON: the same keys, and values of the same kinds."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any


@dataclass
class Shape:
    """What a value looked like in every sample of it."""

    kinds: set[str] = field(default_factory=set)
    objects: int = 0  # how many samples of it were objects
    keys: dict[str, Shape] = field(default_factory=dict)
    counts: dict[str, int] = field(default_factory=dict)  # of objects that had the key
    items: Shape | None = None

    def learn(self, value: Any) -> None:
        """Take one sample into account."""
        self.kinds.add(kind_of(value))
        if isinstance(value, dict):
            self.objects += 1
            for key, inner in value.items():
                self.counts[key] = self.counts.get(key, 0) + 1
                self.keys.setdefault(key, Shape()).learn(inner)
        elif isinstance(value, list):
            self.items = self.items or Shape()
            for inner in value:
                self.items.learn(inner)

    def differences(self, value: Any, place: str = "") -> Iterator[str]:
        """Where a value is not like the samples: a missing key, a new one, another kind."""
        if kind_of(value) not in self.kinds:
            yield f"{place}: {kind_of(value)} instead of {'/'.join(sorted(self.kinds))}"
        elif isinstance(value, dict):
            for key, count in self.counts.items():
                if count == self.objects and key not in value:
                    yield f"{place}.{key}: missing"
            for key, inner in value.items():
                if key in self.keys:
                    yield from self.keys[key].differences(inner, f"{place}.{key}")
                else:
                    yield f"{place}.{key}: never recorded"
        elif isinstance(value, list) and self.items and self.items.kinds:
            for inner in value:
                yield from self.items.differences(inner, f"{place}[]")


def kind_of(value: Any) -> str:
    """The kind of a JSON value; an empty object is a kind of its own, as {} means unknown."""
    if value == {}:
        return "empty object"
    for kind, name in ((bool, "boolean"), (int, "number"), (float, "number"), (str, "string")):
        if isinstance(value, kind):
            return name
    return {dict: "object", list: "array", type(None): "null"}[type(value)]


def shape_of(samples: Iterable[Any]) -> Shape:
    """What all these samples have in common."""
    shape = Shape()
    for sample in samples:
        shape.learn(sample)
    return shape
