"""What is done to rounds and topics, one deed a file."""
