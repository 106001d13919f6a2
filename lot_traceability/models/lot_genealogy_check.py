from odoo import api, fields, models


class LotGenealogyCheck(models.Model):
    """What a nightly comparison of the genealogy with the stock records found. Written by the
    comparison, never changed."""

    _name = "lot.genealogy.check"
    _description = "Check of the genealogy"
    _order = "date desc, id desc"
    _rec_name = "date"

    date = fields.Datetime(required=True, readonly=True, default=fields.Datetime.now, index=True)
    links = fields.Integer("Links that differed", readonly=True)
    movements = fields.Integer("Movements that differed", readonly=True)
    orders = fields.Integer("Orders that differed", readonly=True)
    differences = fields.Integer(readonly=True, help="All that differed, and was mended")

    @api.model
    def _note(self, drift: dict[str, list]) -> None:
        """Keep what a comparison found.

        :param drift: as `lot.genealogy.rebuild._drift` gives it
        """
        links, movements, orders = self._counted(drift)
        # sudo: a check is written by the comparison, nobody types it
        self.sudo().create(
            {
                "links": links,
                "movements": movements,
                "orders": orders,
                "differences": links + movements + orders,
            }
        )

    @api.model
    def _counted(self, drift: dict[str, list]) -> tuple[int, int, int]:
        """Links, movements and orders that differ. A row that changed is both missing and surplus:
        it counts once."""
        return (
            len({(*row[1:4], *row[7:9]) for row in drift["edges"]}),
            len({(row[9], row[3]) for row in drift["movements"]}),
            len({row[1:3] for row in drift["unlabelled"]}),
        )
