from . import recall_report, recall_tables
