"""The table of methods: a module registers its handler with `@method`, and `load` imports every such module.

    @method("Email/get", capability=MAIL, arguments=EmailGetArguments)
    def handle(context: RequestContext, arguments: EmailGetArguments) -> MethodResult: ...

A handler answers with `MethodResult`, raises `MethodError` (or a domain error with a `.kind` the RFC knows),
and may ask for calls to be made after it (rfc8620#5.4, rfc8621#7.5: onSuccess…). Two handlers of one name are
a programming error and stop the start.
"""

from __future__ import annotations

import functools
import importlib
import pkgutil
from collections.abc import Callable
from typing import Any, Final, TypeVar, get_origin

import msgspec

import pirab.jmap
from pirab.jmap.context import RequestContext

Arguments = TypeVar("Arguments")


class ImplicitCall(msgspec.Struct, frozen=True):
    """A call the server makes by itself right after another one, under the same call id.

    `arguments` is what a client would have sent; it is validated in the same way.
    """

    name: str
    arguments: dict[str, Any]


class MethodResult(msgspec.Struct, frozen=True):
    """What a handler answers: `response` is whatever msgspec encodes (struct, dict, `msgspec.Raw` inside)."""

    response: object
    implicit_calls: tuple[ImplicitCall, ...] = ()


class Method(msgspec.Struct, frozen=True):
    """One registered method. `arguments` is a msgspec Struct, or None for a method that takes any object."""

    name: str
    capability: str
    arguments: type[msgspec.Struct] | None
    handle: Callable[[RequestContext, Any], MethodResult]


_METHODS: Final[dict[str, Method]] = {}
_EXTENSIONS: Final[set[str]] = set()


class DuplicateMethodError(RuntimeError):
    """Two modules registered one method name."""


def method(
    name: str, *, capability: str, arguments: type[Arguments]
) -> Callable[
    [Callable[[RequestContext, Arguments], MethodResult]],
    Callable[[RequestContext, Arguments], MethodResult],
]:
    """Register the decorated handler as method `name`, callable when `capability` is in `using`."""
    shape = None if (get_origin(arguments) or arguments) is dict else arguments

    def register(
        handler: Callable[[RequestContext, Arguments], MethodResult],
    ) -> Callable[[RequestContext, Arguments], MethodResult]:
        if name in _METHODS:
            raise DuplicateMethodError(name)
        _METHODS[name] = Method(name, capability, shape, handler)  # type: ignore[arg-type]
        return handler

    return register


def extend(capability: str) -> None:
    """Declare a capability that adds properties to an object of another one, and no method of its own."""
    _EXTENSIONS.add(capability)


def find(name: str) -> Method | None:
    """The method called `name`, or None."""
    load()
    return _METHODS.get(name)


def method_names() -> frozenset[str]:
    """Every method there is."""
    load()
    return frozenset(_METHODS)


def capabilities() -> frozenset[str]:
    """Every capability that has at least one method, or adds properties to what another one's methods answer."""
    load()
    return frozenset(entry.capability for entry in _METHODS.values()) | _EXTENSIONS


@functools.cache
def load() -> None:
    """Import `pirab.jmap.<object>.<method>` for every object, once: the path names the method."""
    for package in pkgutil.iter_modules(pirab.jmap.__path__, "pirab.jmap."):
        if package.ispkg:
            _load_package(package.name)


def _load_package(name: str) -> None:
    package = importlib.import_module(name)
    for module in pkgutil.iter_modules(package.__path__, name + "."):
        importlib.import_module(module.name)
