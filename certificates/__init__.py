"""What evidences an award: the certificate PDF, its number, its signatures, its credential."""
