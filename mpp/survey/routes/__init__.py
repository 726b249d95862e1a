"""The survey over HTTP: for everybody the questionnaire and what was published, for leaders the results."""
