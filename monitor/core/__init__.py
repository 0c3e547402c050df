"""The pure floor: no I/O, no clock, no chance. Time and jitter arrive as arguments."""
