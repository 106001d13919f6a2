"""Everything that a command needs to run Odoo, made ready in one place."""

import ast
import contextlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from . import cluster, locks, odoo_source, paths, python_env
from .databases import Databases, data_folder, database_name, hash_of_files
from .odoo_process import Odoo
from .progress import step

# Odoo apps that the modules know about but never require.
OPTIONAL_APPS = ("repair", "point_of_sale", "mrp_subcontracting", "stock_dropshipping")


@dataclass
class Environment:
    """A usable Odoo and its databases."""

    odoo: Odoo
    databases: Databases

    @property
    def base_stamp(self) -> dict:
        """What every template database depends on."""
        return {"odoo": self.odoo.source.version, "python": str(self.odoo.source.python_path)}

    def required_apps(self) -> list[str]:
        """The Odoo apps that our modules depend on."""
        own = paths.modules()
        apps: set[str] = set()
        for name in own:
            apps.update(manifest(paths.REPOSITORY / name)["depends"])
        return sorted(apps.difference(own))

    def apps_template(self, *, optional: bool = False) -> str:
        """The name of a database with Odoo's apps alone: the required, or the optional ones too."""
        apps = self.required_apps()
        name = database_name("apps")
        with locks.exclusive("template-apps"):
            self._build(name, {**self.base_stamp, "apps": apps}, apps, "Database with Odoo's apps")
            if not optional:
                return name
            stamp = {**self.base_stamp, "apps": sorted({*apps, *OPTIONAL_APPS})}
            full = database_name("apps", "all")
            self._build(
                full, stamp, list(OPTIONAL_APPS), "Database with the optional apps", base=name
            )
            return full

    def modules_template(self, label: str, modules: list[str], *, optional: bool = False) -> str:
        """The name of a database with these modules of ours, made anew when their files change."""
        base = self.apps_template(optional=optional)
        name = database_name(label)
        with locks.exclusive(f"template-{label}"):
            stamp = self._modules_stamp(base, modules)
            self._build(name, stamp, modules, f"Database with {', '.join(modules)}", base=base)
        return name

    def usable_template(
        self, label: str, modules: list[str], *, optional: bool = False
    ) -> tuple[str, list[str]]:
        """As `modules_template`, but one of older files will do, with the modules to update."""
        base = self.apps_template(optional=optional)
        name = database_name(label)
        have = self.databases.stamp_of(name) or {}
        want = self._modules_stamp(base, modules)
        if have and {**have, "files": ""} == {**want, "files": ""}:
            return name, [] if have == want else modules
        return self.modules_template(label, modules, optional=optional), []

    def _modules_stamp(self, base: str, modules: list[str]) -> dict:
        return {
            **self.base_stamp,
            "base": self.databases.stamp_of(base),
            "modules": modules,
            "files": hash_of_files([self._folder(module) for module in modules]),
        }

    def _folder(self, module: str) -> Path:
        return next(
            root / module
            for root in self.odoo.addons
            if (root / module / "__manifest__.py").exists()
        )

    def _build(
        self, name: str, stamp: dict, modules: list[str], title: str, base: str | None = None
    ) -> None:
        if self.databases.stamp_of(name) == stamp:
            return
        with step(title) as current:
            self.databases.build(
                name,
                stamp,
                lambda work: self.odoo.install(work, modules, log=f"install-{name}", step=current),
                base,
            )


@contextlib.contextmanager
def ready(
    *, development: bool = False, test_addons: bool = False, replicable: bool = False
) -> Iterator[Environment]:
    """Odoo, its Python and a running PostgreSQL for the block; what is missing is fetched.

    :param replicable: a replica can be made of that PostgreSQL
    """
    source = odoo_source.ensure()
    python = python_env.ensure(development=development)
    addons = (paths.REPOSITORY, paths.TEST_ADDONS) if test_addons else (paths.REPOSITORY,)
    with cluster.running(python, replicable=replicable) as server:
        yield Environment(Odoo(python, source, server, addons), Databases(server, data_folder()))


def manifest(folder: Path) -> dict:
    """The manifest of the module in `folder`."""
    return ast.literal_eval((folder / "__manifest__.py").read_text(encoding="utf-8"))
