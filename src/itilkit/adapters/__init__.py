"""Other tools' exports and messages, read into incidents. One module per tool; none knows another."""
