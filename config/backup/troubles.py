"""Why there is no backup, or no restored installation. Each message is a sentence or two for the operator."""


class CannotBackUp(Exception):
    """No new backup was made; the one before, if there is one, is as it was."""


class CannotRestore(Exception):
    """Nothing was restored, and nothing is left behind that could be taken for an installation."""


class BackupSpoiled(CannotRestore):
    """What lies in the folder is not what was put there."""
