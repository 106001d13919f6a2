from . import lot_publication
