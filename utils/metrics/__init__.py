"""Is it good? Features and distances: numpy arrays in, float out."""
