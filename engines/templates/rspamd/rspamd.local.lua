-- Who signs with which key. Two maps say which selector signs for a domain; Rspamd watches them, so a change of keys needs
-- no restart. A domain that is in neither is signed for with the selector of ./pirab dkim, if it has such a key.
local lua_maps = require "lua_maps"
local tools = require "lua_dkim_tools"
local path = "{{ environment.dkim_dir }}/$domain.$selector.key"
local ed25519 = lua_maps.map_add_from_ucl(
  "file://{{ environment.dkim_dir }}/selectors-ed25519.map", "map", "DKIM Ed25519 selectors")
local rules = {
  domain = {},
  path = path,
  selector = "pirab",
  selector_map = lua_maps.map_add_from_ucl("file://{{ environment.dkim_dir }}/selectors.map", "map", "DKIM selectors"),
  try_fallback = true,
  use_esld = false,
  use_domain = "header",
  -- Only a signed-in sender is signed for, and only when the visible and the envelope domain agree: Postfix has already
  -- made sure that the envelope address belongs to the login.
  sign_authenticated = true,
  sign_local = false,
  sign_inbound = false,
  allow_username_mismatch = true,
  allow_hdrfrom_mismatch = false,
  allow_envfrom_empty = true,
}

function pirab_signing_keys(task)
  local wanted, keys = tools.prepare_dkim_signing("dkim_signing", task, rules)
  if not wanted then
    return nil
  end
  -- The second signature is for those who can verify it, the first for everybody else (RFC 8463, section 5).
  local selector = ed25519 and ed25519:get_key(keys[1].domain)
  if selector then
    table.insert(keys, { domain = keys[1].domain, selector = selector, key = path })
  end
  return keys
end
