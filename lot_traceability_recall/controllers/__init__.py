from . import recall_report
