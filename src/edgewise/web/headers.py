"""Headers of every page and reply: nothing from elsewhere, no frame, no guessing of types."""

CONTENT_SECURITY_POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self'",
        "connect-src 'self'",
        "base-uri 'none'",
        "form-action 'none'",
        "frame-ancestors 'none'",
        "require-trusted-types-for 'script'",
        "trusted-types 'none'",
    )
)
_EVERY = (
    (b"content-security-policy", CONTENT_SECURITY_POLICY.encode()),
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"no-referrer"),
    (b"cross-origin-opener-policy", b"same-origin"),
    (b"cross-origin-resource-policy", b"same-origin"),
)
HEADERS = (*_EVERY, (b"permissions-policy", b"camera=(), microphone=(), geolocation=()"))
TALKING = (*_EVERY, (b"permissions-policy", b"camera=(), microphone=(self), geolocation=()"))
"""Of a page that a person talks to: it may ask for the microphone, and no frame in it may."""
