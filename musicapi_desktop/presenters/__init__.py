"""One presenter per view, QtCore only.

Methods named after what the person did in, one state_changed(ViewState) with a frozen value out.
"""
