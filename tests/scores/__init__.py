"""The gates: how well the program reads, in figures that may not sink unnoticed."""
