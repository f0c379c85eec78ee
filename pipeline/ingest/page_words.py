"""Words of menus and buttons that stand on lines of their own on the pages of news sites."""

MENU_WORDS = frozenset((
    "about", "about us", "accessibility", "account", "advertise", "advertise with us", "all sections",
    "archive", "archives", "arts", "back to top", "bookmarks", "books", "business", "careers", "cars",
    "cartoons", "close", "columnists", "comment", "contact", "contact us", "cookie policy",
    "cookie settings", "cookies", "corrections", "crosswords", "culture", "customer service", "donate",
    "e-paper", "economy", "edition", "editions", "editorial", "editorials", "education", "environment",
    "epaper", "events", "faq", "faqs", "fashion", "feedback", "film", "follow us", "food", "front page",
    "games", "gift cards", "health", "help", "help centre", "home", "home page", "homepage", "imprint",
    "jobs", "latest", "letters", "lifestyle", "live", "live tv", "local", "log in", "log out", "login",
    "magazine", "markets", "masthead", "menu", "more", "most read", "music", "my account", "national",
    "news", "newsletter", "newsletters", "next", "notifications", "obituaries", "open menu", "opinion",
    "opinions", "photos", "podcasts", "politics", "popular", "previous", "print edition", "privacy",
    "privacy policy", "profile", "property", "puzzles", "radio", "register", "rss", "saved", "science",
    "search", "search this site", "sections", "settings", "shop", "sign in", "sign up", "site map",
    "sitemap", "skip to content", "skip to main content", "sport", "sports", "staff", "subscribe",
    "subscriptions", "support us", "tags", "tech", "technology", "terms", "terms and conditions",
    "terms of service", "terms of use", "top", "topics", "travel", "trending", "tv", "video", "videos",
    "weather", "work here", "work with us", "world",
))  # fmt: skip
SHARE_WORDS = frozenset((
    "bookmark", "comments", "copy", "e-mail", "email", "facebook", "linkedin", "messenger", "pin",
    "pinterest", "print", "reddit", "retweet", "save", "share", "shares", "telegram", "tweet", "tweets",
    "twitter", "whatsapp",
))  # fmt: skip
