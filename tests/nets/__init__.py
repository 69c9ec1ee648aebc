"""Nets under every test of pages: what no page may ever do, whoever wrote the test.

``tests.nets.plugin`` puts them up; a finding fails the test in which it was made. A test that
breaks a rule on purpose wraps that part in ``findings.catching()``.
"""
