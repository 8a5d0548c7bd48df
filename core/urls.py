"""Addresses: one article, one canonical address."""

from __future__ import annotations

import ipaddress
import re
from urllib.parse import quote, unquote, unquote_plus, urljoin, urlsplit, urlunsplit

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
_DEFAULT_PORTS = {"http": 80, "https": 443}
_IN_PATH = "/-._~!$&'()*+,;=:@%"
_IN_QUERY = _IN_PATH + "?"
_AMP_CACHE = re.compile(
    r"https?://(?:[^/]+\.cdn\.ampproject\.org/[acrv]|(?:www\.)?google\.[a-z.]+/amp)"
    r"(?P<s>/s)?/(?P<page>[^/]+\.[^/]+/.*)"
)
_HOST_VARIANTS = re.compile(r"^(?:(?:www|m|mobile|amp)\.)+(?=[^.]+\.)")
_PAGE_VARIANTS = re.compile(r"(?:/(?:amp(?:html)?|index\.(?:html?|php))?)+$", re.IGNORECASE)
_AMP_PARAMETER = re.compile(
    r"amp(?:=[01]?)?|(?:output|outputtype|type)=amp(?:html)?", re.IGNORECASE
).fullmatch
LONGEST = 2000  # characters; more is no address that a reader could be sent to


def canonical_url(url: str, base: str = "") -> str:
    """The address under which a page is known, whatever link led to it.

    Absolute; scheme and host in lower case, host in ASCII (IDNA); without default port, user,
    dot segments, tracking parameters, or fragment unless it names the page (« #!/article/12 »);
    remaining parameters as they were, in their order; percent-encoded once (RFC 3986, section 6).
    A copy in Google's AMP cache has the address of the page copied.
    ``canonical_url(canonical_url(u)) == canonical_url(u)``.
    Raises ValueError when the address is not one of an HTTP(S) page, or has more than ``LONGEST``
    characters.
    """
    if len(url) > LONGEST:
        raise ValueError(f"{url[:200]!r}… is too long for an address")
    link = re.sub(r"[\t\r\n]", "", url.strip())
    parts = urlsplit(link)
    if not parts.netloc or not parts.scheme:
        parts = urlsplit(urljoin(base, link))
    scheme = parts.scheme.lower()
    if scheme not in _DEFAULT_PORTS or not parts.hostname:
        raise ValueError(f"{url[:200]!r} is not the address of a page")
    host = ascii_host(parts.hostname)
    port = "" if parts.port in {None, _DEFAULT_PORTS[scheme]} else f":{parts.port}"
    path = _without_dots(_encoded(parts.path, _IN_PATH))
    canonical = urlunsplit(
        (scheme, host + port, path, _without_tracking(parts.query), _telling(parts.fragment))
    )
    if copied := _AMP_CACHE.fullmatch(canonical):
        canonical = canonical_url(f"http{'s' if copied['s'] else ''}://{copied['page']}")
    if len(canonical) > LONGEST:
        raise ValueError(f"{canonical[:200]!r}… is too long for an address")
    return canonical


def page_key(url: str) -> str:
    """The same for the addresses under which sites serve one page.

    With and without « https », « www. », a mobile or AMP host, a final slash, « /amp »,
    « index.html », the order of parameters. No address: a name by which addresses are compared.
    Raises ValueError as ``canonical_url``.
    """
    parts = urlsplit(canonical_url(url))
    path = _PAGE_VARIANTS.sub("", parts.path).rstrip("/")
    query = "&".join(sorted(one for one in parts.query.split("&") if not _AMP_PARAMETER(one)))
    return urlunsplit(("", _HOST_VARIANTS.sub("", parts.netloc), path, query, parts.fragment))


def ascii_host(host: str) -> str:
    """The host name in lower-case ASCII; an IPv6 address in brackets. Raises ValueError."""
    if ":" in host:
        return f"[{ipaddress.IPv6Address(host)}]"
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


def netloc_of(url: str) -> str:
    """Host and port of an address: what is asked one thing at a time; "" when it has none."""
    try:
        return urlsplit(url).netloc.lower()
    except ValueError:
        return ""


def host_of(url: str) -> str:
    """The host of an address without ``www.``: how a site is named to readers; "" when none."""
    try:
        host = urlsplit(url).hostname or ""
    except ValueError:
        return ""
    return host.removeprefix("www.")


def place_of(url: str, name: str) -> str:
    """Where a reader will read, as in « Lire sur dubasque.org »: the host.

    A site known only by its number, as on a private network, is called by its ``name``.
    """
    host = host_of(url)
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return host
    return name


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


def _encoded(part: str, safe: str) -> str:
    return quote(unquote_unreserved(part), safe=safe)


def _without_dots(path: str) -> str:
    """The path with « . » and « .. » followed (RFC 3986, section 5.2.4)."""
    kept: list[str] = []
    segments = path.split("/")[1:]
    for segment in segments:
        if segment == "..":
            del kept[-1:]
        elif segment != ".":
            kept.append(segment)
    if segments and segments[-1] in {".", ".."}:
        kept.append("")
    return "/" + "/".join(kept)


def _without_tracking(query: str) -> str:
    # Parts are kept as written: « ?article12 », as SPIP has it, is not « ?article12= ».
    parts = [part for part in query.split("&") if part]
    kept = [part for part in parts if not _is_tracking(_name(part))]
    return _encoded("&".join(kept), _IN_QUERY)


def _telling(fragment: str) -> str:
    """The fragment when it says which page a site made of one document shows."""
    return _encoded(fragment, _IN_QUERY) if fragment.startswith("!") and len(fragment) > 1 else ""


def _name(parameter: str) -> str:
    return unquote_plus(parameter.partition("=")[0]).lower()


def _is_tracking(name: str) -> bool:
    return name in _TRACKING_NAMES or name.startswith(_TRACKING_PREFIXES)
