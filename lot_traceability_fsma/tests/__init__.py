from . import (
    test_digital_link,
    test_fsma_code,
    test_fsma_event,
    test_fsma_import,
    test_fsma_made,
    test_fsma_place,
    test_fsma_plan,
    test_fsma_product,
    test_fsma_queries,
    test_fsma_request,
    test_fsma_transfer,
)
