"""What an app's `api.py` is written with: operations, their schemas, answers and refusals.

An operation is stated once; from that one statement come its address, its checks and its page in
the OpenAPI. `circulo.api` puts the operations of all apps together and answers for them.
"""
