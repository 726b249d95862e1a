"""Reports as pages, papers and workbooks."""
