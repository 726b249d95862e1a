"""Figures over HTTP: for leaders reports and pages, for everybody the survey and its results."""
