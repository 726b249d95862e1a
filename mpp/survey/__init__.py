"""The satisfaction survey (SKM): the questionnaire, blind tokens, the index (IKM), publication, follow-up."""
