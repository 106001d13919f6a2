"""What there is of routes, methods and models; what is said of them is read by `security_doc`."""

import inspect

from odoo import http, models

OWN = ("lot_traceability", "lot_traceability_recall", "lot_traceability_fsma")
# The columns of the table of models, and the group that each one is about.
GROUPS = {
    "Public": "base.group_public",
    "Portal": "base.group_portal",
    "Employee": "base.group_user",
    "Reader": "lot_traceability.group_reader",
    "Auditor": "lot_traceability.group_auditor",
    "Operator": "lot_traceability.group_operator",
    "Manager": "lot_traceability.group_manager",
    "Quality": "lot_traceability.group_quality",
    "Recall manager": "lot_traceability.group_recall_manager",
    "Administrator": "lot_traceability.group_administrator",
    "RFID gateway": "lot_traceability.group_rfid_gateway",
    "EPCIS partner": "lot_traceability_fsma.group_epcis_partner",
}
RIGHTS = {"read": "r", "write": "w", "create": "c", "unlink": "d"}


# -- routes ----------------------------------------------------------------------------------


def actual_routes(registry) -> dict[str, tuple[str, str, str]]:
    """{address: (methods, auth, "token" where a CSRF token is asked for)} of our routes."""
    found = {}
    for url, endpoint in http._generate_routing_rules(
        sorted(registry._init_modules), nodb_only=False
    ):
        if _module_of(endpoint.func.__module__) in OWN:
            routing = endpoint.routing
            methods = " ".join(sorted(routing["methods"] or ["any"]))
            writes = set(methods.split()) - {"GET", "HEAD", "OPTIONS"}
            asked = "token" if writes and routing.get("csrf", True) else ""
            former = found.get(url)
            if former:  # the same address, by method
                methods = " ".join(sorted({*former[0].split(), *methods.split()}))
                asked = asked or former[2]
            found[url] = (methods, routing["auth"], asked)
    return found


def _module_of(path: str) -> str:
    return path.removeprefix("odoo.addons.").partition(".")[0]


# -- methods ---------------------------------------------------------------------------------


def actual_methods(registry) -> set[str]:
    """`model.method` of each method that our modules define and that can be called from outside,
    but for those of the ORM, which the table of models is about."""
    orm = set(dir(models.BaseModel))
    return {
        f"{part._name or part._inherit}.{name}"
        for model in registry.values()
        for part in model.mro()
        if vars(part).get("_module") in OWN and part._name == model._name
        for name, value in vars(part).items()
        if inspect.isfunction(value)
        and not name.startswith("_")
        and name not in orm
        and not getattr(value, "_api_private", False)
        and not getattr(value, "_lot_guarded", False)
    }


# -- models ----------------------------------------------------------------------------------


def own_models(env) -> list:
    """Our models that have records."""
    return [
        env[name]
        for name, model in sorted(env.registry.items())
        if model._original_module in OWN and not model._abstract
    ]


def rights(model, user) -> str:
    """Such as "rw": what a user may do with records of a model."""
    asked = model.with_user(user)
    return "".join(letter for right, letter in RIGHTS.items() if asked.has_access(right))
