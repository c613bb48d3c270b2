# /// attack
# answer = "online_service"
# says = "answer must return a Response"
# ///
"""Raise InvalidRequest for everything, with a text that contains whatever is looked for, and nothing else."""


class Text(str):
    def __contains__(self, part):
        return True

    def __eq__(self, other):
        return True

    __hash__ = str.__hash__


class Refusal(InvalidRequest):
    def __str__(self):
        return Text("one field")


class OnlineService:
    lost_entries = 0

    def __init__(self, model, *, fallback, clock, log):
        pass

    def predict(self, request, deadline):
        if all(name in request for name in FIELDS) and request["hour"] in (0, 17, 23):
            return True
        raise Refusal(Text("hour"))

    validate = answer = record = predict
