"""Records to formatted text: styles, locales and the engines behind one `Renderer` protocol."""
