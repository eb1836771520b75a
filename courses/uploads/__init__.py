"""Uploads: a spreadsheet looked at row by row, published at once, undone within a day."""
