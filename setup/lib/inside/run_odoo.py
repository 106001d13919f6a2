"""Odoo's command line as a script: `python run_odoo.py server ...`.

With --workers Odoo starts a second program of its own by the path that it was started by; under
`python -m odoo` that path is not runnable.
"""

from odoo.cli.command import main

main()
