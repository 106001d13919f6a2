from . import (
    test_digital_link,
    test_fsma_ask,
    test_fsma_board,
    test_fsma_code,
    test_fsma_event,
    test_fsma_made,
    test_fsma_place,
    test_fsma_product,
    test_fsma_queries,
    test_fsma_question,
    test_fsma_transfer,
)
