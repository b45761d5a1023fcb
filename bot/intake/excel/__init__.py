"""An Excel workbook: from the XML of its sheets to the entries of a form."""
