"""The only readers of the directory."""

from pirab.directory.queries.accounts import account, accounts
from pirab.directory.queries.addresses import (
    SUBADDRESS_SEPARATOR,
    account_of_login,
    addresses_of,
    is_local_domain,
    local_domains,
    logins_sending_as,
    may_send_as,
    normal_form,
    resolve_recipient,
    resolve_recipients,
)
from pirab.directory.queries.agencies import agencies, agency, children, duties_of, duties_over
from pirab.directory.queries.groups import (
    audience,
    group,
    groups_at,
    groups_of_agency,
    is_manager,
    managers,
    members,
)
from pirab.directory.queries.people import (
    holdings_of_people,
    holdings_of_posts,
    person,
    person_with_login,
    post,
    posts_of,
    profile,
)
from pirab.directory.queries.principals import authenticate_password, principal

__all__ = [
    "SUBADDRESS_SEPARATOR",
    "account",
    "account_of_login",
    "accounts",
    "addresses_of",
    "agencies",
    "agency",
    "audience",
    "authenticate_password",
    "children",
    "duties_of",
    "duties_over",
    "group",
    "groups_at",
    "groups_of_agency",
    "holdings_of_people",
    "holdings_of_posts",
    "is_local_domain",
    "is_manager",
    "local_domains",
    "logins_sending_as",
    "managers",
    "may_send_as",
    "members",
    "normal_form",
    "person",
    "person_with_login",
    "post",
    "posts_of",
    "principal",
    "profile",
    "resolve_recipient",
    "resolve_recipients",
]
