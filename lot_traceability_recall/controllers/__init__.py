from . import recall_report
from . import letter_distribution
