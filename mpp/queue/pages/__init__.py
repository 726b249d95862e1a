"""What the queue shows: wire types of the API and sockets, the desk's pages, the visitor's pages."""
