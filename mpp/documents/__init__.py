"""The makers of files to take away: PDF, XLSX, CSV. No feature's words in it."""
