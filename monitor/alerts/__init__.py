"""Alerts: what they say, the channels that carry them, and the outbox that sees to it that they arrive.

Nothing is imported here: who only renders a diff need not load an HTTP and a mail client.
"""
