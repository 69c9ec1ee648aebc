"""What people do with deliveries of tax policies, one verb a file."""
