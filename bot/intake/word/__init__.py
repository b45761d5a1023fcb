"""A Word document: from the XML of its parts to the entries of a form."""
