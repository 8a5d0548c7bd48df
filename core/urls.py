"""Addresses: one article, one canonical address."""

from __future__ import annotations

import re
from urllib.parse import parse_qsl, quote, unquote, urlencode, urljoin, urlsplit, urlunsplit

# Parameters that say where a reader comes from, not which page is read. Prefixes, then names;
# after the lists of ClearURLs and of Miniflux's ``urlcleaner``.
_TRACKING_PREFIXES = (
    "utm_",
    "at_",
    "mtm_",
    "pk_",
    "piwik_",
    "matomo_",
    "hsa_",
    "sc_",
    "vero_",
    "oly_",
)
_TRACKING_NAMES = frozenset(
    "fbclid gclid gclsrc dclid msclkid yclid twclid igshid igsh mc_cid mc_eid mkt_tok _hsenc "
    "_hsmi __hstc __hssc __hsfp hsctatracking xtor xtref xts ns_campaign ns_source ns_mchannel "
    "ns_linkname wt_mc wickedid wbraid gbraid ref_src ref_url cmpid cmp sfnsn fb_action_ids fb_ref "
    "ml_subscriber spm trk trkcampaign s_cid rb_clickid srsltid _openstat action_object_map "
    "action_type_map action_ref_map var_mode".split()
)  # fmt: skip
_DEFAULT_PORTS = {"http": "80", "https": "443"}
_UNRESERVED_PATH = "/-._~!$&'()*+,;=:@%"


def canonical_url(url: str, base: str = "") -> str:
    """The address under which a page is known, whatever link led to it.

    Absolute; scheme and host in lower case, host in ASCII (IDNA); without default port, user,
    fragment or tracking parameters; remaining parameters in their order; path percent-encoded once
    (RFC 3986, section 6). ``canonical_url(canonical_url(u)) == canonical_url(u)``.
    Raises ValueError when the address is not one of an HTTP(S) page.
    """
    parts = urlsplit(urljoin(base, re.sub(r"[\t\r\n]", "", url.strip())))
    scheme = parts.scheme.lower()
    if scheme not in _DEFAULT_PORTS or not parts.hostname:
        raise ValueError(f"{url[:200]!r} is not the address of a page")
    host = ascii_host(parts.hostname)
    port = f":{parts.port}" if parts.port and str(parts.port) != _DEFAULT_PORTS[scheme] else ""
    path = quote(unquote_unreserved(parts.path), safe=_UNRESERVED_PATH) or "/"
    return urlunsplit((scheme, host + port, path, _without_tracking(parts.query), ""))


def ascii_host(host: str) -> str:
    """The host name in lower-case ASCII; an IPv6 address in brackets. Raises ValueError."""
    if ":" in host:
        return f"[{host.lower()}]"
    try:
        name = host.encode("ascii").decode().lower()
    except UnicodeEncodeError:
        try:
            name = host.encode("idna").decode().lower()
        except UnicodeError as error:
            raise ValueError(f"{host[:200]!r} is no host name") from error
    if not re.fullmatch(r"[a-z0-9._-]+", name):
        raise ValueError(f"{host[:200]!r} is no host name")
    return name


def host_of(url: str) -> str:
    """The host of an address without ``www.``: how a site is named to readers; "" when none."""
    try:
        host = urlsplit(url).hostname or ""
    except ValueError:
        return ""
    return host.removeprefix("www.")


def is_web_address(url: str) -> bool:
    """Whether ``url`` is an absolute HTTP(S) address."""
    try:
        canonical_url(url)
    except ValueError:
        return False
    return True


def unquote_unreserved(path: str) -> str:
    """The path with needless percent-encoding removed, other escapes kept in upper case."""

    def one(match: re.Match[str]) -> str:
        char = unquote(match[0])
        return char if re.fullmatch(r"[A-Za-z0-9._~-]", char) else match[0].upper()

    bare = re.sub(r"%(?![0-9A-Fa-f]{2})", "%25", path)
    return re.sub(r"%[0-9A-Fa-f]{2}", one, bare)


def _without_tracking(query: str) -> str:
    if not query:
        return ""
    kept = [
        (name, value)
        for name, value in parse_qsl(query, keep_blank_values=True, errors="surrogateescape")
        if not _is_tracking(name.lower())
    ]
    return urlencode(kept, errors="surrogateescape")


def _is_tracking(name: str) -> bool:
    return name in _TRACKING_NAMES or name.startswith(_TRACKING_PREFIXES)
