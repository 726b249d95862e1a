"""What the templates of the survey read: the questionnaire and its results."""
