"""Description and lyrics to form, harmony, melody, arrangement, notes. Styles are data files."""
