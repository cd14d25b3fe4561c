"""The elements and attributes a mail body may use."""


def _names(text: str) -> frozenset[str]:
    return frozenset(text.split())


FORMATTING = _names("a b big code em font i nobr s small strike strong tt u")
"""Elements that an HTML5 parser opens again after every block they were not closed in."""

VOID = _names("br col hr img wbr")

TAGS = _names(
    "a abbr acronym address article aside b bdi bdo big blockquote br caption center cite code col colgroup dd del "
    "details dfn dir div dl dt em figcaption figure font footer h1 h2 h3 h4 h5 h6 header hr i img ins kbd li main "
    "mark nav ol p pre q rp rt ruby s samp section small span strike strong sub summary sup table tbody td tfoot th "
    "thead time tr tt u ul var wbr"
)

WITHOUT_CONTENT = _names(
    "applet audio canvas datalist embed frame frameset head iframe math noembed noframes object param script select "
    "source style svg template textarea title track video xmp"
)
"""Elements that go together with what is inside them."""

_CELL = {"abbr", "align", "bgcolor", "colspan", "height", "nowrap", "rowspan", "scope", "valign", "width"}
_ROW_GROUP = {"align", "bgcolor", "valign"}

ATTRIBUTES: dict[str, set[str]] = {
    "*": {"dir", "lang", "style", "title"},
    "a": {"href"},
    "blockquote": {"type"},
    "col": {"span", "width"},
    "colgroup": {"span", "width"},
    "del": {"datetime"},
    "details": {"open"},
    "div": {"align"},
    "font": {"color", "face", "size"},
    "h1": {"align"},
    "h2": {"align"},
    "h3": {"align"},
    "hr": {"align", "color", "noshade", "size", "width"},
    "img": {"align", "alt", "border", "height", "hspace", "src", "vspace", "width"},
    "ins": {"datetime"},
    "li": {"type", "value"},
    "ol": {"reversed", "start", "type"},
    "p": {"align"},
    "table": {
        "align",
        "bgcolor",
        "border",
        "cellpadding",
        "cellspacing",
        "frame",
        "height",
        "rules",
        "width",
    },
    "tbody": _ROW_GROUP,
    "td": _CELL,
    "tfoot": _ROW_GROUP,
    "th": _CELL,
    "thead": _ROW_GROUP,
    "time": {"datetime"},
    "tr": {*_ROW_GROUP, "height"},
    "ul": {"type"},
}
