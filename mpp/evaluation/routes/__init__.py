"""Evaluations over HTTP: pages and forms for leaders, files that prove a level."""
