"""SieveScript (rfc9661#2): the scripts by which an account's mail is sorted."""
