from . import test_fsma_made, test_fsma_transfer
