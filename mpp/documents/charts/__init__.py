"""Charts drawn from their data as SVG that stands alone, for screens and for paper alike."""
