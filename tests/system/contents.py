"""What is in a database, as digests that two moments are compared by."""

from collections.abc import Iterable

import psycopg2
from psycopg2 import sql

# Each update of a module writes its data again, which changes nothing but these.
_TOUCHED = {"create_uid", "create_date", "write_uid", "write_date"}
# Where goods and the documents that move them are.
STOCK = {
    "stock_lot",
    "stock_quant",
    "stock_move",
    "stock_move_line",
    "stock_move_line_consume_rel",
    "stock_move_move_rel",
    "stock_picking",
    "stock_package",
    "stock_scrap",
    "mrp_production",
    "mrp_unbuild",
    "purchase_order",
    "purchase_order_line",
    "sale_order",
    "sale_order_line",
    "account_move",
    "account_move_line",
}
# The log goes on, and a dialog is nobody's record.
_NO_RECORDS = ("lot_audit_event", "lot_audit_block", "lot_audit_pending", "lot_audit_receipt")
_LOG = """
SELECT COUNT(*)::int, md5(string_agg(id || ' ' || at || ' ' || body, '|' ORDER BY id))
  FROM lot_audit_event WHERE id <= %s
"""
_LAST_EVENT = "SELECT COALESCE(MAX(id), 0) FROM lot_audit_event"
# Documents of our own get new numbers when they come back.
_LINKS = """
SELECT parent_lot_id, child_lot_id, kind, certainty, round(parent_quantity::numeric, 6)::text,
       round(child_quantity::numeric, 6)::text, res_model,
       CASE WHEN res_model LIKE 'lot.%' THEN 0 ELSE res_id END, date::text, date_out::text
  FROM lot_genealogy_edge
"""
_LOTS = """
SELECT lot.id, lot.name, status.code, lot.status_reason, lot.supplier_lot, lot.production_date::text
  FROM stock_lot lot LEFT JOIN lot_status status ON status.id = lot.status_id
"""
_COLUMNS = """
SELECT c.table_name, c.column_name FROM information_schema.columns c
  JOIN information_schema.tables t USING (table_schema, table_name)
 WHERE c.table_schema = 'public' AND t.table_type = 'BASE TABLE'
"""

# What a database is made of. Sequences of single products and warehouses come with their records.
SCHEMA = """
SELECT 'relation ' || relkind::text || ' ' || relname FROM pg_class
 WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'v', 'm', 'S')
   AND relname !~ '^ir_sequence_[0-9]'
UNION ALL SELECT 'index ' || indexname || ' ' || indexdef FROM pg_indexes
 WHERE schemaname = 'public'
UNION ALL SELECT 'column ' || table_name || '.' || column_name || ' ' || data_type
   FROM information_schema.columns
  WHERE table_schema = 'public' AND table_name !~ '^ir_sequence_[0-9]'
UNION ALL SELECT 'constraint ' || conrelid::regclass::text || ' ' || pg_get_constraintdef(oid)
   FROM pg_constraint WHERE connamespace = 'public'::regnamespace
UNION ALL SELECT 'trigger ' || tgname FROM pg_trigger WHERE NOT tgisinternal
UNION ALL SELECT 'function ' || proname FROM pg_proc WHERE pronamespace = 'public'::regnamespace
UNION ALL SELECT 'scheduled action ' || cron_name FROM ir_cron
UNION ALL SELECT 'model ' || model FROM ir_model
UNION ALL SELECT 'field ' || model || '.' || name FROM ir_model_fields
UNION ALL SELECT 'group ' || (name ->> 'en_US') FROM res_groups
UNION ALL SELECT 'rule ' || name FROM ir_rule
UNION ALL SELECT 'menu ' || (name ->> 'en_US') FROM ir_ui_menu
UNION ALL SELECT 'view ' || name FROM ir_ui_view
UNION ALL SELECT 'action ' || (name ->> 'en_US') FROM ir_actions
UNION ALL SELECT 'kind of activity ' || (name ->> 'en_US') FROM mail_activity_type
"""
# Where names of ours could stand in tables of Odoo.
NAMED = """
SELECT 'record ' || name FROM ir_model_data WHERE module LIKE 'lot\\_trac%'
UNION ALL SELECT 'parameter ' || key FROM ir_config_parameter WHERE key LIKE 'lot\\_trac%'
UNION ALL SELECT 'file ' || name FROM ir_attachment
 WHERE res_model LIKE 'lot.audit.%' OR res_model LIKE 'lot.signature%'
UNION ALL SELECT 'message ' || id FROM mail_message
 WHERE model LIKE 'lot.audit.%' OR model LIKE 'lot.signature%'
UNION ALL SELECT 'activity ' || id FROM mail_activity WHERE res_model LIKE 'lot.audit.%'
"""


def ask(database: str, query, parameters=None) -> list[tuple]:
    connection = psycopg2.connect(dbname=database)
    try:
        with connection.cursor() as cursor:
            cursor.execute(query, parameters)
            return cursor.fetchall()
    finally:
        connection.close()


def columns(database: str) -> dict[str, set[str]]:
    """The columns of each table, but who wrote a row and when."""
    found: dict[str, set[str]] = {}
    for table, column in ask(database, _COLUMNS):
        if column not in _TOUCHED:
            found.setdefault(table, set()).add(column)
    return found


def digests(database: str, wanted: dict[str, Iterable[str]]) -> dict[str, tuple[int, str]]:
    """(number of rows, digest of all of them) of each table, by the columns wanted of it."""
    parts = []
    for table, names in sorted(wanted.items()):
        # Of what is translated the source: an upgrade brings new translations.
        row = sql.SQL(", ").join(
            sql.SQL("COALESCE(to_jsonb({0}) -> 'en_US', to_jsonb({0})) AS {0}").format(
                sql.Identifier(name)
            )
            for name in sorted(names)
        )
        parts.append(
            sql.SQL(
                "SELECT {name}, COUNT(*)::int, md5(COALESCE(string_agg(t::text, '|' "
                "ORDER BY t::text), '')) FROM (SELECT {row} FROM {table}) t"
            ).format(name=sql.Literal(table), row=row, table=sql.Identifier(table))
        )
    return {
        table: (count, digest)
        for table, count, digest in ask(database, sql.SQL(" UNION ALL ").join(parts))
    }


def changed(before: dict, after: dict) -> dict[str, tuple]:
    """The tables that are not as they were: {table: (before, after)}."""
    return {
        table: (before[table], after.get(table))
        for table in before
        if before[table] != after.get(table)
    }


def rows(database: str, query: str) -> set[str]:
    """The texts that a query gives."""
    return {row[0] for row in ask(database, query)}


def of_ours(columns_found: dict[str, set[str]]) -> dict[str, set[str]]:
    """The tables that hold records of ours, and those of goods and documents."""
    return {
        table: names
        for table, names in columns_found.items()
        if table in STOCK
        or (table.startswith("lot_") and "wizard" not in table and table not in _NO_RECORDS)
    }


def last_event(database: str) -> int:
    """The number of the last event of the audit log."""
    return ask(database, _LAST_EVENT)[0][0]


def log(database: str, last: int) -> tuple[int, str]:
    """(number of events, digest of all of them) of the audit log up to this event."""
    return ask(database, _LOG, [last])[0]


def links(database: str) -> set[tuple]:
    """The genealogy."""
    return set(ask(database, _LINKS))


def lots(database: str) -> dict[int, tuple]:
    """What our modules say of each lot: its status and facts."""
    return {row[0]: row[1:] for row in ask(database, _LOTS)}
