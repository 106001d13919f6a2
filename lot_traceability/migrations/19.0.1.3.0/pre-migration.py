from odoo.tools import SQL

# Columns without a foreign key from this version on: see `GenealogyLink`.
_WITHOUT_KEY = {
    "lot_genealogy_edge": ["company_id"],
    "lot_genealogy_movement": [
        "company_id",
        "move_id",
        "picking_id",
        "product_id",
        "returned_move_id",
    ],
}


def migrate(cr, version):
    """Drop the keys that cost each document a plan."""
    for table, columns in _WITHOUT_KEY.items():
        for column in columns:
            cr.execute(
                SQL(
                    "ALTER TABLE %s DROP CONSTRAINT IF EXISTS %s",
                    SQL.identifier(table),
                    SQL.identifier(f"{table}_{column}_fkey"),
                )
            )
