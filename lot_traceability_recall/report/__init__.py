from . import letter_distribution_xlsx, recall_report, recall_tables
