"""What changes in the survey: answers, questionnaire imports, publications and their follow-up."""
