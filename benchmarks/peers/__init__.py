"""The same mechanics written with other simulation packages, for comparison only; the program never imports them."""
