from . import report_stock_quantity, stock_forecasted
from .trace_pdf import write_pdf
from .trace_xlsx import write_xlsx
