from .trace_pdf import write_pdf
from .trace_xlsx import write_xlsx
