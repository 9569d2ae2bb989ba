"""Printed papers: typed data in, a tagged PDF out. The papers themselves belong to the apps (``<app>/papers.py``)."""
