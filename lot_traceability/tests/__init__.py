from . import test_genealogy_production
