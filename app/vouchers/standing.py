"""What a voucher rests on, by its records alone: asked by actions and by buttons alike."""

from models.vouchers import Voucher


def is_disputed(voucher: Voucher) -> bool:
    """Whether the report behind it is disputed: nothing is decided for it or paid meanwhile."""
    report = None if voucher.order is None else voucher.order.standing_report
    return report is not None and report.state == "disputed"
