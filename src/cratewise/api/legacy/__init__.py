"""The earlier program's page works on our base URL: its calls, translated to what our rooms do."""
