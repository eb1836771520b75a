"""What is on offer: courses and webinars, their runs and meetings."""
