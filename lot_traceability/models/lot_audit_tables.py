"""The tables of the audit log, and what guards them in PostgreSQL itself.

Not made by the ORM: the columns that are searched are generated from the body, so that they can
say nothing else than it does; and triggers refuse to change what is written, whoever asks.
"""

from collections.abc import Iterator
from contextlib import contextmanager

from odoo.tools import SQL

# Never written by anybody but PostgreSQL, which takes them out of the body.
_GENERATED = {
    "kind": ("text", "(body::jsonb ->> 'kind')"),
    "lot_id": ("integer", "(body::jsonb #>> '{lot,id}')::integer"),
    "product_id": ("integer", "(body::jsonb #>> '{product,id}')::integer"),
    "company_id": ("integer", "(body::jsonb #>> '{company,id}')::integer"),
    "user_id": ("integer", "(body::jsonb #>> '{who,id}')::integer"),
    "res_model": ("text", "(body::jsonb #>> '{record,model}')"),
    "res_id": ("integer", "(body::jsonb #>> '{record,id}')::integer"),
    "document": ("text", "(body::jsonb #>> '{document,name}')"),
}

_TABLES = f"""
CREATE TABLE IF NOT EXISTS lot_audit_event (
    id serial PRIMARY KEY,
    at timestamp NOT NULL DEFAULT (clock_timestamp() AT TIME ZONE 'UTC'),
    body text NOT NULL,
    {
    ", ".join(
        f"{name} {kind} GENERATED ALWAYS AS ({code}) STORED"
        for name, (kind, code) in _GENERATED.items()
    )
}
);
CREATE INDEX IF NOT EXISTS lot_audit_event_lot ON lot_audit_event (lot_id, id)
    WHERE lot_id IS NOT NULL;
-- Events come in the order of time: a few pages tell where a day lies.
CREATE INDEX IF NOT EXISTS lot_audit_event_at ON lot_audit_event USING brin (at)
    WITH (pages_per_range = 16);
CREATE INDEX IF NOT EXISTS lot_audit_event_record ON lot_audit_event (res_model, res_id);
-- The rare kinds, which are looked for by themselves.
CREATE INDEX IF NOT EXISTS lot_audit_event_kind ON lot_audit_event (kind, id)
    WHERE kind NOT IN ('created', 'changed', 'moved', 'consumed', 'produced', 'status');
-- What is in no block yet. Apart, so that an event is never written twice.
CREATE TABLE IF NOT EXISTS lot_audit_pending (event_id integer PRIMARY KEY);
CREATE TABLE IF NOT EXISTS lot_audit_block (
    id integer PRIMARY KEY,
    header text NOT NULL,
    digest text NOT NULL,
    seal text,
    tree text NOT NULL,
    event_ids integer[] NOT NULL,
    leaves bytea NOT NULL,
    state text NOT NULL,
    sealed_at timestamp NOT NULL,
    count integer NOT NULL,
    total bigint NOT NULL,
    first_id integer NOT NULL,
    last_id integer NOT NULL,
    first_at timestamp NOT NULL,
    last_at timestamp NOT NULL
);
CREATE INDEX IF NOT EXISTS lot_audit_block_span ON lot_audit_block (last_id, first_id);
-- Blocks come in the order of time, as events do.
CREATE INDEX IF NOT EXISTS lot_audit_block_sealed ON lot_audit_block USING brin (sealed_at)
    WITH (pages_per_range = 16);
"""

# An archive is the one thing for which sealed events may be taken away; see `lot.audit.archive`.
_REFUSE = """
CREATE OR REPLACE FUNCTION lot_audit_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' AND TG_TABLE_NAME = 'lot_audit_event'
       AND COALESCE(current_setting('lot_audit.archive', true), '') <> '' THEN
        RETURN OLD;
    END IF;
    RAISE EXCEPTION USING
        MESSAGE = 'The audit log is evidence: ' || TG_OP || ' of ' || TG_TABLE_NAME
                  || ' is refused.',
        ERRCODE = 'insufficient_privilege',
        HINT = 'Nothing in it is changed or removed; record a new event instead.';
END $$;
"""

# Runs where a guarded row changes and `through_odoo` is not open.
_WATCH = """
CREATE OR REPLACE FUNCTION lot_audit_watch() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    old_row jsonb := CASE WHEN TG_OP <> 'INSERT' THEN to_jsonb(OLD) END;
    new_row jsonb := CASE WHEN TG_OP <> 'DELETE' THEN to_jsonb(NEW) END;
    record_row jsonb := COALESCE(new_row, old_row);
    lot integer;
    changes jsonb;
    number integer;
BEGIN
    lot := CASE WHEN TG_ARGV[0] = 'stock.lot' THEN (record_row ->> 'id')::integer
                ELSE (record_row ->> 'lot_id')::integer END;
    SELECT jsonb_object_agg(key, jsonb_build_array(old_row -> key, new_row -> key))
      INTO changes
      FROM jsonb_object_keys(record_row) AS key
     WHERE (old_row -> key) IS DISTINCT FROM (new_row -> key)
       AND key NOT IN ('write_date', 'write_uid', 'create_date', 'create_uid');
    INSERT INTO lot_audit_event (body) VALUES (replace(jsonb_build_object(
        'kind', 'bypassed',
        'who', jsonb_build_object('name', session_user),
        'from', jsonb_build_object('via', 'sql', 'client', current_setting('application_name'),
                                   'address', host(inet_client_addr())),
        'record', jsonb_build_object('model', TG_ARGV[0], 'id', record_row -> 'id',
                                     'name', record_row -> 'name'),
        'lot', CASE WHEN lot IS NOT NULL THEN jsonb_build_object(
            'id', lot, 'name', (SELECT l.name FROM stock_lot l WHERE l.id = lot)) END,
        'company', jsonb_build_object('id', record_row -> 'company_id'),
        'data', jsonb_build_object('operation', lower(TG_OP)),
        'changes', changes)::text, E'\\n', ' '))
    RETURNING id INTO number;
    INSERT INTO lot_audit_pending VALUES (number);
    RETURN NULL;
END $$;
"""


def _trigger(table: str, name: str, text: str) -> SQL:
    return SQL(
        # Also where triggers are off for a replica: the log has no such exception.
        "DROP TRIGGER IF EXISTS %(name)s ON %(table)s; "
        "CREATE %(text)s; ALTER TABLE %(table)s ENABLE ALWAYS TRIGGER %(name)s",
        name=SQL.identifier(name),
        table=SQL.identifier(table),
        text=SQL(text),
    )


def _changed(columns: tuple[str, ...]) -> str:
    return " OR ".join(f"OLD.{column} IS DISTINCT FROM NEW.{column}" for column in columns)


def _update_of(columns: tuple[str, ...]) -> str:
    """Only what names one of these columns: whatever else is written, each quantity of a quant
    above all, is not looked at."""
    return f"UPDATE OF {', '.join(columns)}"


QUANT_COLUMNS = ("lot_id", "product_id")
LINE_COLUMNS = (
    "lot_id",
    "quantity",
    "product_id",
    "location_id",
    "location_dest_id",
    "state",
    "picking_id",
    "owner_id",
)


def create_tables(cr) -> None:
    """Make the tables, and the triggers that keep them as they are."""
    cr.execute(SQL(_TABLES))
    cr.execute(SQL(_REFUSE))
    for table in ("lot_audit_event", "lot_audit_block"):
        cr.execute(
            _trigger(
                table,
                "lot_audit_refuse",
                f"TRIGGER lot_audit_refuse BEFORE UPDATE OR DELETE ON {table} "
                "FOR EACH ROW EXECUTE FUNCTION lot_audit_refuse()",
            )
        )
        cr.execute(
            _trigger(
                table,
                "lot_audit_refuse_all",
                f"TRIGGER lot_audit_refuse_all BEFORE TRUNCATE ON {table} "
                "FOR EACH STATEMENT EXECUTE FUNCTION lot_audit_refuse()",
            )
        )


def watch_tables(cr, lot_columns: tuple[str, ...]) -> None:
    """Notice what changes lots, done move lines and the lot of a quant past Odoo. At once: what
    waits for the end of a transaction forbids all changes of the table until then (an upgrade that
    fills a column and then drops another would fail)."""
    cr.execute(SQL(_WATCH))
    done = "OLD.state = 'done'"
    watched = (
        ("stock_lot", "change", _update_of(lot_columns), "stock.lot", _changed(lot_columns)),
        ("stock_lot", "delete", "DELETE", "stock.lot", ""),
        (
            "stock_move_line",
            "change",
            _update_of(LINE_COLUMNS),
            "stock.move.line",
            f"{done} AND ({_changed(LINE_COLUMNS)})",
        ),
        ("stock_move_line", "delete", "DELETE", "stock.move.line", done),
        (
            "stock_quant",
            "change",
            _update_of(QUANT_COLUMNS),
            "stock.quant",
            _changed(QUANT_COLUMNS),
        ),
    )
    for table, name, operation, model, condition in watched:
        past = f"current_setting('lot_audit.{name}_{table}', true) IS DISTINCT FROM 'on'"
        when = f"{past} AND ({condition})" if condition else past
        cr.execute(
            _trigger(
                table,
                f"lot_audit_{name}",
                f"TRIGGER lot_audit_{name} AFTER {operation} ON {table} "
                f"FOR EACH ROW WHEN ({when}) "
                f"EXECUTE FUNCTION lot_audit_watch('{model}')",
            )
        )


@contextmanager
def through_odoo(records, operation: str = "change") -> Iterator[None]:
    """What happens in here to the table of these records is told by Odoo. Open for one statement
    or one deletion only, so that SQL in the same transaction is noticed; a rollback, to a
    savepoint too, closes it.

    :param operation: "change" or "delete"
    """
    cr, name = records.env.cr, f"lot_audit.{operation}_{records._table}"
    cr.execute(SQL("SELECT set_config(%s, 'on', true)", name))
    yield
    cr.execute(SQL("SELECT set_config(%s, '', true)", name))


def drop_watch(cr) -> None:
    """Leave Odoo's tables as they were."""
    cr.execute(SQL("DROP FUNCTION IF EXISTS lot_audit_watch() CASCADE"))
