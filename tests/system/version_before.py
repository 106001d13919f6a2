"""Makes a database look as the version before has left it: without what was added since."""

import psycopg2

VERSIONS = {
    "lot_traceability": "19.0.1.4.0",
    "lot_traceability_recall": "19.0.1.2.0",
    "lot_traceability_fsma": "19.0.1.0.0",
}
# Settings by industry came with the version after.
TABLES = (
    "lot_preset_line",
    "lot_preset_setting",
    "lot_preset_wizard_line",
    "lot_preset_wizard_product_category_rel",
    "lot_preset_wizard",
    "res_company_lot_preset_category_rel",
    "lot_preset",
)
COLUMNS = {"res_company": ("lot_preset_id", "lot_preset_declined")}
_ADDED = "module LIKE 'lot_traceability%%' AND (name LIKE '%%preset%%' OR name LIKE '%%replica%%')"
# Records of Odoo that came along; those that tell of models go with the model.
_RECORDS = ("ir_ui_menu", "ir_act_window", "ir_ui_view", "ir_model_constraint", "ir_model")


def restore(database: str) -> None:
    """Take out of the database what the version before had not."""
    connection = psycopg2.connect(dbname=database)
    try:
        with connection, connection.cursor() as cursor:
            for table in _RECORDS:
                model = table.replace("_", ".").replace("ir.act.window", "ir.actions.act_window")
                cursor.execute(
                    f"DELETE FROM {table} WHERE id IN "
                    f"(SELECT res_id FROM ir_model_data WHERE model = %s AND {_ADDED})",
                    [model],
                )
            cursor.execute(
                "DELETE FROM ir_model_fields f USING ir_model_data d "
                f"WHERE d.model = 'ir.model.fields' AND d.res_id = f.id AND {_ADDED}".replace(
                    "name LIKE", "d.name LIKE"
                )
            )
            cursor.execute(f"DELETE FROM ir_model_data WHERE {_ADDED}")
            for table in TABLES:
                cursor.execute(f"DROP TABLE {table} CASCADE")
            for table, columns in COLUMNS.items():
                for column in columns:
                    cursor.execute(f"ALTER TABLE {table} DROP COLUMN {column} CASCADE")
            for module, version in VERSIONS.items():
                cursor.execute(
                    "UPDATE ir_module_module SET latest_version = %s WHERE name = %s",
                    [version, module],
                )
    finally:
        connection.close()
