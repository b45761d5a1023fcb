"""Rows and columns, wherever they come from: which cell is a label, and which answers it."""
