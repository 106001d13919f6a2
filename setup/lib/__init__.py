"""Set-up of a complete Odoo 19 for this project. Standard library only."""
