"""How things are said in Swedish and English: numbers, dates, units, the nearest word, tables of text.

The words themselves stand beside what they speak of, as a `sim.text.Text`; long lists of them are data
(`sim.language.wordlist`). Only the standard library is used here: this is loaded by everything.
"""
