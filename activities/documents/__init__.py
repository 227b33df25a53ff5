"""From a document's description to its page (PDF/A-3) with its data (Factur-X, EN 16931) inside."""
