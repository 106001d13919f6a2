from . import report_stock_quantity, stock_forecasted
