from . import recall_report, recall_tables
from .letter_distribution_xlsx import write_distribution
