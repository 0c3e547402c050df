"""The long run: simulated days of a small press, watched through the real scheduler, decisions and store.

Time is injected; fetching, reading and sending are faked at their ports and answer from a truth that is known whole.
"""
