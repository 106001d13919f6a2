"""The sortable spreadsheet of 21 CFR 1.1455(c)(3): which sheets it has, how it is written, and
how it is read back."""
