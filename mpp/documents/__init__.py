"""The makers of files to take away: PDF, XLSX, CSV; and the reader of tables sent in. No feature's words."""
