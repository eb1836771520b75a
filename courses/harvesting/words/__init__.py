"""Partners' words and our terms: what each means, for whom it was changed, what is suggested."""
