"""Classes and functions that every interpreter has, by module and name."""

import sys

LIBRARY = sys.stdlib_module_names | {'builtins'}


def library_name(value):
    """Module and name of a class or function that every interpreter has."""
    module, name = getattr(value, '__module__', None), getattr(value, '__name__', None)
    if type(module) is not str or type(name) is not str or module not in LIBRARY:
        return None
    return [module, name] if getattr(sys.modules.get(module), name, None) is value else None


def from_library(module, name):
    if module not in LIBRARY:
        raise ValueError(f'{module} is no module of the library')
    return getattr(__import__(module), name)


def is_plain_type(value):
    return isinstance(value, type) and value.__module__ == 'builtins'


def renamed(name, given):
    """Whether the program has something of the library under another name than its own."""
    packed = given[name]
    return type(packed) is dict and 'library' in packed and packed['library'][1] != name
