"""Everything of paperdeck that is not pixels: the papers, the reader's marks, where they are kept and fetched from."""
