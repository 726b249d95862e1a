"""Survei Kepuasan Masyarakat: the questions, the index, its interval, its sample."""
