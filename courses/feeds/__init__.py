"""Outside forms of offers for other machines: values in, text out."""
