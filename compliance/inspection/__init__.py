"""What a file from a stranger is: each module runs in a bounded process and is imported by no other of ours."""
