"""Postcodes, places, areas: where is this?"""
