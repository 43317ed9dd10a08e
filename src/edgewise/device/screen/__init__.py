"""The device's hand and eye on a screen with apps: a browser of its own, or a phone over ADB."""
