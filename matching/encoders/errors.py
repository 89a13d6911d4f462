"""What can be wrong with an encoder before it has encoded anything."""


class EncoderMissing(Exception):
    """The encoder that is set cannot be found on this machine; the message names the fix."""


class BundleCorrupt(Exception):
    """The packaged weights are not the file that this version was made for."""
