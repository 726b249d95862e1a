"""Papers, workbooks and editions: the month, the year, the survey, as ministries and citizens get them."""
