"""The addresses on this site to which this room's notices and mails lead."""

from models.organisations import Incubator
from models.vouchers import Voucher, VoucherScheme


def address_of_voucher(voucher: Voucher) -> str:
    """The page of a voucher, for its startup and for the officers."""
    return f"/vouchers/{voucher.public_id}"


def address_of_scheme(scheme: VoucherScheme) -> str:
    """The page of one version of a scheme."""
    return f"/voucher-schemes/{scheme.public_id}"


def address_of_desk(incubator: Incubator) -> str:
    """Where the officers of an incubator work."""
    return f"/incubators/{incubator.public_id}/vouchers"
