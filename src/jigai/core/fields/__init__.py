"""Typed fields as data: what a register, a form of a case or a batch file is made of."""
