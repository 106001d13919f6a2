from . import recall_report
from . import letter_distribution
from . import portal, recall_answer
