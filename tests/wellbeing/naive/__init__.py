"""A second model of the rules, written from WELLBEING.md alone, by somebody who had not read the rules' code.

It keeps the whole history as a list and recomputes everything from it at every question, tick by tick, so that nothing in it can be stale. It is slow and
plain on purpose: what it says is compared with what the product says, and where both differ one of them read the text wrongly.
"""
