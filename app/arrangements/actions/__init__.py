"""What changes arrangements: setting one down and agreeing on it, paying tranches, the end."""
