"""Vouchers: schemes, what startups draw of them, and the cheapest proof."""
