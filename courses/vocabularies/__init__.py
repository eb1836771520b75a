"""The words offers are described with: issues, methodologies, audiences, goals and others."""
