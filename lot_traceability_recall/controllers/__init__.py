from . import portal, recall_answer
