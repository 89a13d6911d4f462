"""The room of arrangements: in which form a fund's money comes, when it is paid, how it ends."""
