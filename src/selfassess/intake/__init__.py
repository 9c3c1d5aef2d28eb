"""Files in: answers files and forms filled in elsewhere become values, whole or not at all."""
