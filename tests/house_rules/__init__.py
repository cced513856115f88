"""Rules of the house: each is a sweep over the whole tree, and each failure says the mend."""
