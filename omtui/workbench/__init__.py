"""The Textual application: screens, widgets and the one registry of actions."""
