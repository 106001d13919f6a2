from .fsma_xlsx import write_fsma_xlsx
