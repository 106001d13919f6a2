from . import letter_distribution, portal, recall_answer, recall_report
