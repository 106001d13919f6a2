from . import (
    test_dropship,
    test_fsma_flows,
    test_fsma_till,
    test_pos,
    test_random_flows,
    test_repair,
    test_repair_gate,
    test_security_pages,
    test_security_table,
    test_subcontracting,
    test_web_shop,
)
