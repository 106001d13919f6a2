"""What FSMA 204 and EPCIS need and no database: typed, tested, imports nothing of Odoo."""
