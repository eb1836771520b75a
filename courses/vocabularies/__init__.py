"""The words offers are described with: issues, methodologies, goals, regions and others."""
