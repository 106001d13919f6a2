"""Labels: symbols that are verified before they are drawn, and a layout in millimetres that every
output (PDF, ZPL, PNG, SVG) draws alike."""
