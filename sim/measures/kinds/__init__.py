"""The measures by kind. Each module holds all there is to say of its measures: definition, sums and words.

A measure added here needs besides only its slow twin in `tests/measure_slow.py`.
"""
