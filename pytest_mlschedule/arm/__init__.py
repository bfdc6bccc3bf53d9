"""The REST face: a WSGI application that answers as Azure Resource Manager does for the fake workspaces of a cloud."""
