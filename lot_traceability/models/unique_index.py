import logging

from odoo import models
from odoo.tools import SQL, sql

_logger = logging.getLogger(__name__)


class UniqueIndexWherePossible(models.UniqueIndex):
    """A unique index on columns, which is left out, with a warning in the server's log, as long
    as the table holds rows that it would refuse. Each update of the module tries again.

    Odoo itself would report an error, and not say which rows are to be corrected.
    """

    def apply_to_database(self, model):
        if sql.index_exists(model.env.cr, self.full_name(model)):
            return super().apply_to_database(model)
        columns = SQL(self._index_definition.removeprefix("(").removesuffix(")"))
        model.env.cr.execute(
            SQL(
                "SELECT min(id), max(id) FROM %s GROUP BY %s HAVING count(*) > 1 LIMIT 10",
                SQL.identifier(model._table),
                columns,
            )
        )
        repeated = model.env.cr.fetchall()
        if repeated:
            _logger.warning(
                "%s rows are there twice, so the database cannot guard against it: correct them "
                "and update the module. The first ones, by their ids: %s",
                model._description,
                ", ".join(f"{one} and {other}" for one, other in repeated),
            )
            return None
        return super().apply_to_database(model)
