"""How much may be said: the lengths of names, lines, texts and lists, for forms and imports."""

# How long a text may be, in characters.
NAME_LIMIT = 120
LINE_LIMIT = 200
TEXT_LIMIT = 8000

TOPIC_LIMIT = 40
TOPICS_LIMIT = 12
ORGANISATIONS_LIMIT = 30
