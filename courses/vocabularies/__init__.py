"""The words offers are described with: issues, methodologies, languages, sections."""
