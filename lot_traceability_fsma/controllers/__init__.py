from . import digital_link, supplier_answer
