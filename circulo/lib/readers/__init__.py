"""Reading and writing the files people bring: tables, cards and mail. No models, no database."""
