from . import letter_distribution
