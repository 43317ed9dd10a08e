"""The one tree of errors, ordered by who must act.

A refusal by policy, an unknown word or a failed actuator is data (see `core.call`); an error is
raised only when a step cannot do its work at all. Errors of libraries are mapped to this tree at
the border where the library is called.

    EdgewiseError
    ├── UserError      the person or developer who called must change the call
    ├── ModelError     a model is missing, crashed or answered nonsense
    ├── LinkError      a network peer is away, slow or speaks wrongly
    ├── TrustError     a signature, token, hash or policy does not hold: fail closed
    └── DeviceError    a driver, store or actuator did not do its part
"""


class EdgewiseError(Exception):
    """Root of all errors Edgewise raises; `code` is stable for programs, `str` is for people."""

    code = "error"

    def __init__(self, message: str, *, code: str | None = None) -> None:
        super().__init__(message)
        if code is not None:
            self.code = code


class UserError(EdgewiseError):
    """The caller's input is wrong; the message names the value, the limit and the remedy."""

    code = "bad_request"


class ModelError(EdgewiseError):
    """A model cannot answer: missing package, crashed process, output that does not validate."""

    code = "model_failed"


class LinkError(EdgewiseError):
    """A peer over a network or bus is unreachable, too slow or answered against its protocol."""

    code = "link_failed"


class TrustError(EdgewiseError):
    """Something that must be verified could not be; nothing was done."""

    code = "not_trusted"


class DeviceError(EdgewiseError):
    """A driver or store of this device failed; `code` tells how (see `act.driver`)."""

    code = "device_failed"
