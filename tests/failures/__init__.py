"""What breaks around the portal: processes killed, a full disk, a database that goes away."""
