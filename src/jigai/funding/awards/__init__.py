"""Title awards and waived charges: held to a rule of their own."""
