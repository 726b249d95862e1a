"""What the kiosk knows by itself: the slip's lines, its QR, finding a service. Pure."""
