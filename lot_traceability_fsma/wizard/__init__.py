from . import lot_fsma_entry, lot_fsma_propose
