"""What grants, pays and takes back awards."""
