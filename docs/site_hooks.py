"""What the site build does beyond Markdown: pages and pictures made from the code itself."""
