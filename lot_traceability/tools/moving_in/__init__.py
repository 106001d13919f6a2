"""Moving in: tables of another system, read and checked without Odoo."""
