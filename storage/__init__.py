"""Everything except the user interface: papers, marks, search, fetching, citing, exporting."""
