"""From drafts to offers: cleaned, described, beside what people edited, run by run."""
