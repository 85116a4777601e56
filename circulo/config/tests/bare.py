"""A web server of the tests with one worker and no Django."""

from circulo.config.web import bind, control_socket_disable, worker_class

__all__ = ["bind", "control_socket_disable", "worker_class", "workers"]
workers = 1
