from . import test_fsma_transfer
