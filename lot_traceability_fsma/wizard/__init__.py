from . import (
    lot_fsma_ask,
    lot_fsma_entry,
    lot_fsma_fill,
    lot_fsma_propose,
    lot_fsma_seeds,
    lot_operation_wizard_fsma,
)
