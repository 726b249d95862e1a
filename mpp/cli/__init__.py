"""The command line: `mpp serve`, `mpp demo` and what an installation's keeper needs."""
