"""Calendar views as data, and pictures of them."""
