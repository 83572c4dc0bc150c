"""The questions in Chinese: each module is the twin of the one of the same name in English."""
