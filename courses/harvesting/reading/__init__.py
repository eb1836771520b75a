"""Single values as partners write them: dates, zones, languages, encodings, codes in cells."""
