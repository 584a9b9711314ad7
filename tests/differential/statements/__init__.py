"""The statements that scripts are made of. A family is a function of a session's model that returns steps."""
