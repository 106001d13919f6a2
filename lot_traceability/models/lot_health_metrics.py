from odoo import api, fields, models
from odoo.modules.module import get_manifest
from odoo.tools import SQL

from ..tools.prometheus import Family

_NAME = "lot_traceability"
# Units as Prometheus asks for them: what is appended to the name, and what a value is divided by.
_UNITS = {
    "percent": ("_ratio", 100),
    "milliseconds": ("_seconds", 1000),
    "seconds": ("_seconds", 1),
    "days": ("_days", 1),
    "money": ("_money", 1),
    "points": ("_points", 1),
    "count": ("", 1),
}


class LotHealth(models.AbstractModel):
    """The same for Prometheus, with the figures."""

    _inherit = "lot.health"

    @api.model
    def _families(self) -> list[Family]:
        """All metrics; others add to them."""
        checks = self._checks()
        now = fields.Datetime.now()
        overdue = [
            ({"job": job.cron_name}, max((now - job.nextcall).total_seconds(), 0.0))
            for job in self._jobs()
        ]
        version = get_manifest(self._module).get("version", "")
        count, waits = self._unsealed()
        return [
            self._family("info", "Version that is installed", [({"version": version}, 1)]),
            self._family(
                "healthy",
                "1 where a check is well, else 0",
                [({"check": code}, float(check.ok)) for code, check in checks.items()],
            ),
            self._family("audit_unsealed_events", "Events that wait to be sealed", [({}, count)]),
            self._family(
                "audit_oldest_unsealed_seconds",
                "For how long the oldest event waits to be sealed",
                [({}, waits)],
            ),
            self._family(
                "job_overdue_seconds", "For how long a scheduled action is overdue", overdue
            ),
            self._of_companies(
                "handheld_waiting_scans",
                "Scans that wait on handhelds, as they last told",
                "lot.scan.device",
                [("waiting", ">", 0)],
                "waiting:sum",
            ),
            self._of_companies(
                "handhelds_stale",
                "Handhelds that do not send what waits on them",
                "lot.scan.device",
                [("stale", "=", True)],
                "__count",
            ),
            self._of_companies(
                "feedback_new",
                "Feedback that is not answered",
                "lot.feedback",
                [("state", "=", "new")],
                "__count",
            ),
            *self._figure_families(),
        ]

    @api.model
    def _family(self, name: str, text: str, samples: list) -> Family:
        return Family(f"{_NAME}_{name}", text, samples)

    @api.model
    def _company_labels(self, company) -> dict[str, str]:
        return {"company": str(company.id), "company_name": company.name}

    @api.model
    def _of_companies(self, name: str, text: str, model: str, domain: list, what: str) -> Family:
        groups = self.env[model]._read_group(domain, ["company_id"], [what])
        found = {company: value for company, value in groups if company}
        samples = [
            (self._company_labels(company), found.get(company, 0))
            for company in self.env["res.company"].search([])
        ]
        return self._family(name, text, samples)

    @api.model
    def _figure_families(self) -> list[Family]:
        """The latest figure of each kind and company."""
        self.env["lot.figure"].flush_model()
        self.env.cr.execute(
            SQL(
                """SELECT DISTINCT ON (kind_id, company_id) kind_id, company_id, value, measured_on
                     FROM lot_figure ORDER BY kind_id, company_id, day DESC"""
            )
        )
        rows = self.env.cr.fetchall()
        companies = self.env["res.company"].browse({row[1] for row in rows})
        labels = {company.id: self._company_labels(company) for company in companies}
        values: dict[int, list] = {}
        latest: dict[int, float] = {}
        for kind, company, value, measured_on in rows:
            values.setdefault(kind, []).append((company, value))
            told = (measured_on - fields.Datetime.to_datetime("1970-01-01")).total_seconds()
            latest[company] = max(told, latest.get(company, 0.0))
        families = [
            self._family(
                "figures_measured_timestamp_seconds",
                "When figures of a company were measured last",
                [(labels[company], told) for company, told in latest.items()],
            )
        ]
        # In English whoever asks: what a metric says is part of its identity.
        for kind in self.env["lot.figure.kind"].with_context(lang="en_US")._every():
            suffix, divisor = _UNITS[kind.unit]
            samples = [
                (labels[company], value / divisor) for company, value in values.get(kind.id, ())
            ]
            families.append(
                self._family(f"figure_{kind.code}{suffix}", kind.text or kind.name, samples)
            )
        return families
