"""Design tokens to palette, style sheet, icons and fonts."""
