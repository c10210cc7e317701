"""Figures as SVG, shared by the window and the PDF."""
