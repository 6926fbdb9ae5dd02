"""Errors of either side, and how they are said in words."""

import builtins

MESSAGE_LENGTH = 300


class Ended(BaseException):
    """The other interpreter is gone, or its program asked to leave. No suite may swallow it."""

    def __init__(self, cause, message):
        super().__init__(message)
        self.cause = cause


class ProgramError(Exception):
    """An exception of a class that only the program has."""


def error_of(threw):
    """What the program raised, as an error of this side: by its own class where that is one of the language."""
    message = str(threw.get('message'))[:MESSAGE_LENGTH]
    kind = getattr(builtins, str(threw.get('class')), None)
    if not (isinstance(kind, type) and issubclass(kind, Exception)):
        kind = ProgramError
    try:
        error = kind(message)
    except TypeError:  # one that is not made of a message alone
        error = ProgramError(message)
    error.of_program = {'cause': str(threw.get('cause')), 'message': message, 'module': threw.get('module')}
    return error


def shown(error):
    """The error's class and words, whatever its methods do."""
    try:
        words = str(error)[:MESSAGE_LENGTH]
    except BaseException:
        words = 'an error that cannot be shown'
    return f'{type(error).__name__}: {words}' if words else type(error).__name__


def description(error):
    kind = next((base.__name__ for base in type(error).__mro__ if base.__module__ == 'builtins'), 'Exception')
    described = {'class': kind, 'message': shown(error), 'cause': cause_of(error)}
    if isinstance(error, ModuleNotFoundError) and type(error.name) is str:
        described['module'] = error.name.split('.')[0]
    return described


def cause_of(error):
    if isinstance(error, MemoryError):
        return 'memory'
    return 'error' if isinstance(error, Exception) else 'exit'
