"""The self-hosted MT5 wrapper: terminals on a Windows or Wine host behind the wire protocol."""
