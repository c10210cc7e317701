"""Likelihoods, screening and joint identification; arrays in, values out."""
