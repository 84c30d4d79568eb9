"""Hooks: one concern per module, with its options, markers, hooks and fixture."""
