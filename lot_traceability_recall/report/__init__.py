from . import letter_distribution_xlsx, recall_goods, recall_report, recall_tables, recall_texts
