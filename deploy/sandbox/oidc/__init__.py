"""An OpenID Connect issuer that knows the people of the demonstration and believes whoever says to be one."""

CLIENT_ID = "omeasupport"
