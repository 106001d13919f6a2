from odoo import api, models
from odoo.tools import config

from .lot_health import Check


class LotHealth(models.AbstractModel):
    """Whether the replica, where Odoo has one, is read from."""

    _inherit = "lot.health"

    @api.model
    def _health_replica(self) -> Check | None:
        """Nothing where the configuration names no replica."""
        if not config["db_replica_host"]:
            return None
        with self.env.registry.cursor(readonly=True) as cr:
            # Odoo gives one of the main server where the replica does not answer.
            if not cr.readonly:
                return Check(False, self._replica_text("silent"))
            replica = self.env["lot.replica"].with_env(self.env(cr=cr))
            age, recent = replica._age(), replica._is_recent()
        if age is False:
            return Check(False, self._replica_text("unknown"))
        text = self._replica_text("recent" if recent else "behind", age)
        return Check(recent, text, {"age_seconds": age})

    @api.model
    def _replica_text(self, found: str, age: float = 0.0) -> str:
        texts = {
            "silent": self.env._(
                "The replica does not answer: everything is read from the main server."
            ),
            "unknown": self.env._(
                "How far the replica is behind is not known: traces are read from the main server."
            ),
            "behind": self.env._(
                "The replica is %s seconds behind: traces are read from the main server.", age
            ),
            "recent": self.env._("The replica is read from, %s seconds behind.", age),
        }
        return texts[found]
