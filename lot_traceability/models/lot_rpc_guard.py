import functools
import inspect
from collections.abc import Callable
from typing import Any

from odoo import models
from odoo.exceptions import UserError, ValidationError

from ..tools import rpc_input

_OWN = "lot_traceability"


class LotRpcGuard(models.AbstractModel):
    """Whatever a program passes to a public method of ours is answered with one sentence.

    Anybody who may log in can call a public method with anything. What no method can work with
    (an id that is a text, a list in place of a number, a NUL character, several records where one
    is meant) is refused here, for all methods alike, by what their annotations say: none of them
    has to do it by itself, and none can forget it.
    """

    _name = "lot.rpc.guard"
    _description = "Guard of public methods"

    def _register_hook(self):
        for model in self.env.registry.values():
            for name in _own_methods(model):
                if name not in vars(model) and not _takes_anything(model, name):
                    setattr(model, name, _guarded(model, name))
        return super()._register_hook()

    def _unregister_hook(self):
        for model in self.env.registry.values():
            for name, method in list(vars(model).items()):
                if getattr(method, "_lot_guarded", False):
                    delattr(model, name)
        return super()._unregister_hook()


def _own_methods(model: type) -> set[str]:
    """The public methods that a model has by a module of ours, and of which Odoo knows nothing."""
    parts = [(part, vars(part).get("_module") or "") for part in model.mro()]
    own = {
        name
        for part, module in parts
        if module.startswith(_OWN)
        for name, value in vars(part).items()
        if not name.startswith("_")
        and inspect.isfunction(value)
        and not getattr(value, "_api_private", False)
    }
    if not own:
        return own
    others = {
        name
        for part, module in parts
        if module and not module.startswith(_OWN)
        for name in vars(part)
    }
    return own.difference(others, dir(models.BaseModel))


def _takes_anything(model: type, name: str) -> bool:
    return any(getattr(vars(part).get(name), "_lot_takes_anything", False) for part in model.mro())


def _guarded(model: type, name: str) -> Callable:
    method = getattr(model, name)
    signature = inspect.signature(method)

    @functools.wraps(method)
    def guarded(self, *args, **kwargs):
        _check(self, name, signature, args, kwargs)
        try:
            return getattr(super(model, self), name)(*args, **kwargs)
        except ValueError as error:
            if len(self) != 1 and str(error).startswith("Expected singleton"):
                raise UserError(
                    self.env._("%s works with one record: choose exactly one.", name)
                ) from error
            raise

    guarded._lot_guarded = True
    return guarded


def _check(records: models.BaseModel, name: str, signature, args: tuple, kwargs: dict) -> None:
    """:raises ValidationError: when the method cannot work with what it is given"""
    _ = records.env._
    if records._abstract and not getattr(getattr(type(records), name), "_api_model", False):
        raise ValidationError(_("%s works with a document: call it on the model of one.", name))
    if any(map(rpc_input.wrong_id, records._ids)):
        raise ValidationError(_("%s takes ids of records: whole numbers above zero.", name))
    try:
        given = signature.bind(records, *args, **kwargs).arguments
    except TypeError as error:
        raise ValidationError(
            _("%(method)s cannot be called so: %(problem)s.", method=name, problem=error)
        ) from error
    for argument, value in list(given.items())[1:]:
        found = rpc_input.problem(value, _kind(signature.parameters[argument]))
        if found:
            raise ValidationError(_sentence(records, name, argument, found))


def _kind(parameter: inspect.Parameter) -> Any:
    known = parameter.annotation
    if known is parameter.empty or parameter.kind in (
        parameter.VAR_POSITIONAL,
        parameter.VAR_KEYWORD,
    ):
        return Any
    return known


def _sentence(records: models.BaseModel, name: str, argument: str, found) -> str:
    _ = records.env._
    told = {"argument": argument, "method": name}
    if found.code == "character":
        return _("“%(argument)s” of %(method)s has a character that cannot be kept.", **told)
    if found.code == "big":
        return _("“%(argument)s” of %(method)s has a number that is too large.", **told)
    if found.code == "deep":
        return _("“%(argument)s” of %(method)s is nested too deeply.", **told)
    kinds = {
        "text": _("a text"),
        "whole number": _("a whole number"),
        "number": _("a number"),
        "yes or no": _("true or false"),
        "list": _("a list"),
        "object": _("an object with named values"),
    }
    expected = ", ".join(kinds[kind] for kind in found.expected)
    return _(
        "“%(argument)s” of %(method)s is of the wrong kind: give %(kind)s.", **told, kind=expected
    )
