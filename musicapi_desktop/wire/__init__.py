"""The service's contract as types, shared by client/ and offline/: schema, routes, codec, errors, prices. No I/O."""
